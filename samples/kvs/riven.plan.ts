import { plan } from "riven";
import { DIGITS, Leader, Storage } from "./protocol.ts";
import { digest } from "./signatures.ts";

export default [
  plan(Leader, {
    main: { by: "value", into: 3 },
    broadcaster: { moves: ["put -> Storage.store"], by: "value", into: 3 },
    collector: { moves: ["stored"], by: "value", into: 3 },
    detector: { moves: ["numbers", "reported"], by: "value", into: 3 },
  }),
  plan(Storage, {
    main: { by: (m) => digest(m.value, DIGITS), into: 3 },
  }),
];
