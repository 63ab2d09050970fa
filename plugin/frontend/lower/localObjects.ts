/**
 * What is known of the parts of an object that this activation made, when parts of it change in ways that are not
 * followed one by one: which value stands under which name is then one of several, and no longer a column as it arrived.
 */
import type { Node } from "ts-morph";
import type { Term } from "../../model/term.ts";
import type { Interpreter } from "./interpreter.ts";
import { projection } from "./projection.ts";
import { data, pure, termOf, UNDEFINED, type Fresh, type Value } from "./values.ts";

/** Any of its parts may have moved, gone, or been replaced by `value`. */
export function scramble(interpreter: Interpreter, object: Fresh, value: Value | undefined, node: Node): void {
  const parts = [...object.fields.values(), ...(value === undefined ? [] : [value])];
  if (parts.some((part) => part.kind !== "data")) {
    interpreter.context.giveUp("containers that change places in a local object", node);
  }
  interpreter.context.change(object);
  object.fields.clear();
  object.parts.push(...parts.map((part) => ({ key: undefined, value: part })), {
    key: undefined,
    value: UNDEFINED,
    when: interpreter.context.conditionsSince(object),
  });
}

/** All of its parts are still there, each perhaps at another place. */
export function shuffle(object: Fresh): void {
  const parts = [...object.fields.values()];
  object.fields.clear();
  object.parts.push(...parts.map((part) => ({ key: undefined, value: part })));
}

/** What comes later in an object literal may have the names of what came before, and then takes its place. */
export function override(object: Fresh, by: readonly Term[], except: ReadonlySet<string> = new Set()): void {
  if (by.length === 0) return;
  for (const [name, part] of object.fields) {
    if (except.has(name)) continue;
    const overridden = data(pure("overridden", [termOf(part), ...by]));
    object.fields.set(
      name,
      part.kind === "data" ? overridden : { kind: "either", on: undefined, of: [part, overridden] },
    );
  }
}

/** Puts a part in place of another one. `certainly`: there is no way on which the old one is seen afterwards. */
export function replacePart(
  interpreter: Interpreter,
  object: Fresh,
  name: string,
  value: Value,
  certainly: boolean,
  node: Node,
): void {
  interpreter.context.change(object);
  const old = partOf(object, name);
  if (old === undefined && certainly) {
    object.fields.set(name, value);
  } else if (value.kind === "data" && (old === undefined || old.kind === "data")) {
    const before = old === undefined ? [] : [termOf(old)];
    object.fields.set(
      name,
      data(pure("assigned", [...before, value.term, ...interpreter.context.conditionsSince(object)])),
    );
  } else {
    interpreter.context.giveUp("a container that is put into a local object after it was made", node);
  }
}

/** Takes a part away, perhaps. */
export function removePart(interpreter: Interpreter, object: Fresh, name: string, node: Node): void {
  replacePart(interpreter, object, name, UNDEFINED, false, node);
}

/** The part of that name, also when it came with a spread; undefined when there is certainly none. */
function partOf(object: Fresh, name: string): Value | undefined {
  const part = object.fields.get(name);
  if (part !== undefined) return part;
  const isComplete = object.spreads.length === 0 && object.parts.length === 0 && object.sharedWith.length === 0;
  return isComplete ? undefined : data(projection(termOf({ kind: "fresh", object }), name));
}
