/** What of a message a key is made of. */
import type { KeyPart } from "./component.ts";

/** The columns that a key part reads, at any depth. */
export function columnsOf(part: KeyPart): readonly (readonly string[])[] {
  if (part.kind === "column") return [part.path];
  return part.kind === "applied" ? part.args.flatMap(columnsOf) : [];
}

export function usesSender(part: KeyPart): boolean {
  return part.kind === "sender" || (part.kind === "applied" && part.args.some(usesSender));
}
