import { plan } from "riven";
import { Inventory } from "./protocol.ts";

export default plan(Inventory, { window: { moves: ["check"] } });
