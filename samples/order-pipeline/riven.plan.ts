import { plan } from "riven";
import { Inventory, Orders, Payments, Shipping } from "./protocol.ts";

export default [
  plan(Orders, {
    main: { by: "order", into: 3 },
    bestsellers: { moves: ["sales", "announced"], by: "sku", into: 2 },
  }),
  plan(Inventory, { main: { by: "sku", into: 3 } }),
  plan(Payments, { main: { by: "order", into: 3 } }),
  plan(Shipping, { main: { by: "order", into: 2 } }),
];
