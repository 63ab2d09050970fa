import { plan } from "riven";
import { Leader, Participant } from "./protocol.ts";

export default [
  plan(Leader, {
    collector: { moves: ["voted"], by: "id", into: 3 },
    broadcaster: { moves: ["propose -> Participant.vote"], by: "id", into: 3 },
  }),
  plan(Participant, {
    main: { by: "id", into: 3 },
  }),
];
