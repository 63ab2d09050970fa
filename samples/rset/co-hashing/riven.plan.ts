import { plan } from "riven";
import { Leader } from "./protocol.ts";

export default plan(Leader, {
  main: { by: "id", into: 2 },
});
