import { rewrittenHub } from "./hub.ts";

export default rewrittenHub("acknowledged");
