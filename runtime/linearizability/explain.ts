/** What the checker says, for people. */
import type { Checked, Violation } from "./check.ts";
import type { Operation } from "./history.ts";
import type { Model } from "./model.ts";
import { showValue } from "./plainValue.ts";
import { renderHistory } from "./render/text.ts";

type Describing<Input, Output> = Pick<Model<never, Input, Output>, "name" | "describe">;

/** How a model's operations are written. */
export function describer<Input, Output>({
  describe,
}: Pick<Model<never, Input, Output>, "describe">): (input: Input, output: Output | undefined) => string {
  return describe ?? ((input, output) => `${showValue(input)}${output === undefined ? "" : ` → ${showValue(output)}`}`);
}

/** A verdict, and what it rests on. */
export function explain<Input, Output>(checked: Checked<Input, Output>, model: Describing<Input, Output>): string {
  const { operations, partitions, steps } = checked.effort;
  const what = `${operations} ${operations === 1 ? "operation" : "operations"} on a ${model.name}`;
  const parts = partitions > 1 ? ` in ${partitions} parts` : "";
  switch (checked.verdict) {
    case "linearizable":
      return `linearizable: ${what}${parts}.`;
    case "violated":
      return `not linearizable: ${what}${parts}.\n\n${explainViolation(checked.violation, model)}`;
    case "budget exhausted": {
      const { undecided } = checked;
      const sizes = undecided.map((part) => String(part.operations.length)).slice(0, MOST_SIZES);
      const more = undecided.length > MOST_SIZES ? ", ..." : "";
      return (
        `not decided: ${what}${parts}. The budget ended after ${steps} ${steps === 1 ? "step" : "steps"}; ` +
        `${undecided.length} of ${partitions} parts are open (${sizes.join(", ")}${more} operations), all others are linearizable.`
      );
    }
  }
}

const MOST_SIZES = 8;

export function explainViolation<Input, Output>(
  { order, next, states, witness }: Violation<Input, Output>,
  model: Describing<Input, Output>,
): string {
  const describe = describer(model);
  const show = ({ process, input, output }: Operation<Input, Output>): string =>
    `${describe(input, output)} of process ${String(process)}`;
  const { contradiction, open } = witness;
  return [
    "These cannot have happened in any order, whatever else there was:",
    renderHistory(contradiction, { describe }),
    ...(open.length === 0
      ? []
      : [
          `Operations that may have taken effect at any time after they were invoked, or never, do not help ` +
            `(${open.length}): ${open.slice(0, MOST_OPEN).map(show).join("; ")}${open.length > MOST_OPEN ? "; ..." : ""}.`,
        ]),
    `The longest order that was found has ${order.length} operations; then ${show(next)} is impossible in ` +
      `${states.map(showValue).join(" and in ")}.`,
  ].join("\n\n");
}

const MOST_OPEN = 6;
