/** What must hold of what clients of a replicated set see, in every variant. */
import type { ExternalEvent, Invariant } from "riven/runtime";
import { unseal, type Cipher } from "./cipher.ts";

interface Answer {
  readonly id: string;
  readonly sealed: Uint8Array;
  /** Where leaders have ballots. */
  readonly ballot?: number;
}

function messages(history: readonly ExternalEvent[], kind: ExternalEvent["kind"], name: string): readonly Answer[] {
  return history
    .filter((event) => event.kind === kind && event.message === name)
    .map(({ payload }) => payload as Answer);
}

export const answeredOnce: Invariant = {
  name: "a request is answered at most once, and only if it was made",
  holds: (history) => {
    const made = new Set(messages(history, "sent", "insert").map(({ id }) => id));
    const answered = messages(history, "received", "inserted").map(({ id }) => id);
    return new Set(answered).size === answered.length && answered.every((id) => made.has(id));
  },
};

/** @param expected what the answer to a request says, given what the client was told beside it */
export function answersAreGenuine(cipher: Cipher, expected: (answer: Answer) => string): Invariant {
  return {
    name: "an answer is what its leader has encrypted",
    holds: (history) =>
      messages(history, "received", "inserted").every(
        (answer) => unseal(cipher, `answer ${answer.id}`, answer.sealed) === expected(answer),
      ),
  };
}

/** @param elementOf the element of a request, by the request's id */
export function insertedIsFound(elementOf: (id: string) => string): Invariant {
  return {
    name: "an element that was inserted is found from then on",
    holds: (history) => {
      const inserted = new Set<string>();
      const expected = new Set<string>();
      return history.every(({ kind, message, payload }) => {
        const { id, element = "", present } = payload as { id: string; element?: string; present?: boolean };
        if (kind === "received" && message === "inserted") inserted.add(elementOf(id));
        if (kind === "sent" && message === "find" && inserted.has(element)) expected.add(id);
        return kind === "sent" || message !== "found" || present === true || !expected.has(id);
      });
    },
  };
}
