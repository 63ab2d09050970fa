import { SyntaxKind, type Node, type ts } from "ts-morph";
import type { Term } from "../../model/term.ts";
import { sameValue } from "./bindings.ts";
import type { Frame, SavedFrames } from "./frames.ts";
import type { Interpreter } from "./interpreter.ts";
import { variableSymbol } from "./names.ts";
import { assignedNames } from "./localNames.ts";
import { data } from "./values.ts";

/**
 * After one turn of a loop: every variable that the loop assigns may hold what it held before, or what any turn made
 * of any of them. An alias of the state that changes from turn to turn is not followed.
 */
export function widenAssigned(interpreter: Interpreter, loop: Node, frame: Frame, before: SavedFrames): void {
  const { context } = interpreter;
  const names = new Set([loop, ...loop.forEachChildAsArray()].flatMap(assignedNames)); // those of its header too
  if (names.size === 0) return;
  const symbols = new Set<ts.Symbol>();
  for (const identifier of loop.getDescendantsOfKind(SyntaxKind.Identifier)) {
    const symbol = names.has(identifier.getText()) ? variableSymbol(identifier) : undefined;
    if (symbol !== undefined && frame.lookup(symbol) !== undefined) symbols.add(symbol);
  }
  const inputs: Term[] = [];
  const changed: ts.Symbol[] = [];
  for (const symbol of symbols) {
    const now = frame.lookup(symbol);
    const then = before.values.get(symbol);
    if (now === undefined || (then !== undefined && sameValue(now, then))) continue;
    for (const value of then === undefined ? [now] : [now, then]) {
      if (value.kind === "data") inputs.push(value.term);
      else
        context.giveUp(
          `the variable ${symbol.getName()}, which stands for another container in each turn of a loop`,
          loop,
        );
    }
    changed.push(symbol);
  }
  const mixed: Term = { kind: "mixed", inputs, why: "assigned in a loop", span: context.span(loop) };
  for (const symbol of changed) frame.assign(symbol, data(mixed));
}
