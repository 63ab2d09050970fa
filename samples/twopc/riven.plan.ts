import { plan } from "riven";
import { Coordinator, Participant } from "./protocol.ts";

export default [
  plan(Coordinator, {
    requester: { moves: ["begin -> Participant.prepare"], by: "id", into: 3 },
    committer: { moves: ["voted", "ended", "votesOverdue", "acksOverdue", "resume"], by: "id", into: 3 },
    ender: { moves: ["acked"], by: "id", into: 3 },
  }),
  plan(Participant, {
    voter: { by: "id", into: 3 },
    acker: { moves: ["commit", "abort"], by: "id", into: 3 },
  }),
];
