import { plan } from "riven";
import { Carts } from "./protocol.ts";

export default plan(Carts, {
  main: { by: "cart", into: 2 },
  counter: { moves: ["holders", "announced"], by: "item", into: 2 },
});
