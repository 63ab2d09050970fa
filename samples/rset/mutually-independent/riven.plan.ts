import { plan } from "riven";
import { Leader } from "./protocol.ts";

export default plan(Leader, {
  collector: { moves: ["acked"] },
});
