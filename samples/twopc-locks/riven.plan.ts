import { plan } from "riven";
import { Coordinator } from "./protocol.ts";

export default plan(Coordinator, {
  main: { by: "id", into: 3 },
  requester: { moves: ["begin -> Participant.prepare"], by: "id", into: 3 },
  committer: { moves: ["voted -> Participant.commit", "acksOverdue -> Participant.commit"], by: "id", into: 3 },
});
