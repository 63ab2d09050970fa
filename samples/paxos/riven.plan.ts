import { plan } from "riven";
import { Acceptor, Proposer } from "./protocol.ts";

export default [
  plan(Proposer, {
    broadcaster: {
      moves: ["request -> Acceptor.p2a", "p1b -> Acceptor.p2a", "upkeep -> Acceptor.p2a"],
      into: 3,
    },
    collector: { moves: ["p2b", "votesOverdue"], by: "slot", into: 3 },
  }),
  plan(Acceptor, { main: { by: "slot", into: 3 } }),
];
