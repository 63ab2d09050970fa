import { plan } from "riven";
import { Replica } from "./protocol.ts";

export default plan(Replica, {
  main: { by: "element", into: 2 },
});
