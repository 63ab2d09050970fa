import { plan } from "riven";
import { Inventory } from "./protocol.ts";

export default plan(Inventory, { main: { by: "first", into: 2 } });
