/** What functions of keys are functions of. */
import type { Term } from "../../model/term.ts";

/** Stands for the key of an entry. No message has a column without a path that is a key. */
export const KEY: Term = { kind: "payload", path: [] };
