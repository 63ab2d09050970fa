/** Which computations of a key senders can do: those that can be written down outside of the handler. */
import { pureForm, type PureForm } from "../../model/pureForm.ts";
import type { Term } from "../../model/term.ts";

/** A function or constant that a module keeps to itself, so that senders cannot use it. */
export type Unexported = Extract<PureForm, { readonly kind: "module" }>;

/** Whether a term can be evaluated wherever the message is: from its columns, its sender and what modules export. */
export function isPrintable(term: Term): boolean {
  switch (term.kind) {
    case "payload":
      return term.path.length > 0;
    case "sender":
      return true;
    case "literal":
      return ["string", "number", "boolean"].includes(typeof term.value);
    case "pure": {
      const form = pureForm(term.name, term.args.length);
      return form !== undefined && !(form.kind === "module" && !form.exported) && term.args.every(isPrintable);
    }
    default:
      return false;
  }
}

/** What would have to be exported so that a term can be evaluated by senders. */
export function unexportedIn(term: Term): readonly Unexported[] {
  if (term.kind !== "pure") return [];
  const form = pureForm(term.name, term.args.length);
  const own = form?.kind === "module" && !form.exported ? [form] : [];
  return [...own, ...term.args.flatMap(unexportedIn)];
}
