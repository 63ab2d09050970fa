import { plan } from "riven";
import { Directory, LockServer, Store } from "./protocol.ts";

export default [
  plan(LockServer, {
    main: { by: "lock", into: 3 },
    announcer: {
      moves: ["acquire -> Directory.changed", "release -> Directory.changed", "leaseOver -> Directory.changed"],
      by: "lock",
      into: 3,
    },
  }),
  plan(Store, { main: { by: "lock", into: 3 } }),
  plan(Directory, { main: { by: "lock", into: 3 } }),
];
