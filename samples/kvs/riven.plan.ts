import { plan } from "riven";
import { Leader } from "./protocol.ts";

export default plan(Leader, {
  main: { by: "value", into: 3 },
  broadcaster: { moves: ["put -> Storage.store"], by: "value", into: 3 },
  collector: { moves: ["stored"], by: "value", into: 3 },
  detector: { moves: ["numbers", "reported"], by: "value", into: 3 },
});
