import { banking } from "../node/banking.ts";

export default banking;
