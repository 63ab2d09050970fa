import { plan } from "riven";
import { hash } from "../hash.ts";
import { Replica } from "./protocol.ts";

export default plan(Replica, {
  main: { by: (m) => hash(m.element), into: 2 },
});
