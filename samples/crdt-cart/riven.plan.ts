import { plan } from "riven";
import { Replica, Till } from "./protocol.ts";

export default [
  plan(Replica, {
    main: { by: "cart", into: 3 },
    herald: { moves: ["add -> Replica.learn", "remove -> Replica.learn"], by: "cart", into: 3 },
  }),
  plan(Till, {
    main: { by: "cart", into: 2 },
    closer: { moves: ["checkout -> Replica.close", "closingOverdue -> Replica.close"], by: "cart", into: 2 },
  }),
];
