import type { Term } from "../../model/term.ts";
import { pure } from "./values.ts";

/** A property of a value that is data. */
export function projection(term: Term, name: string): Term {
  if (term.kind === "payload" && name !== "length" && name !== "size")
    return { kind: "payload", path: [...term.path, name] };
  if (term.kind === "configuration") return { ...term, path: `${term.path}.${name}` };
  if (term.kind === "record") {
    const field = term.fields[name];
    if (field !== undefined) return field;
    const [only, ...others] = term.spreads;
    if (only !== undefined && others.length === 0) return projection(only, name);
  }
  return pure(`.${name}`, [term]);
}
