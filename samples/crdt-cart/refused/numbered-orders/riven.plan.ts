import { plan } from "riven";
import { Till } from "./protocol.ts";

export default plan(Till, { main: { by: "cart", into: 2 } });
