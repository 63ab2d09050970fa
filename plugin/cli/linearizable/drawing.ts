/** The picture of a verdict. */
import { describer, renderHistoryAsSvg, type Checked, type Model } from "../../../runtime/linearizability/index.ts";

/** More than this nobody looks at, and browsers do not like it either. */
const MOST_OPERATIONS = 400;

/** An SVG document; undefined when there is too much to draw. */
export function drawing(
  checked: Checked<unknown, unknown>,
  model: Model<unknown, unknown, unknown>,
): string | undefined {
  const describe = describer(model);
  switch (checked.verdict) {
    case "violated": {
      const { contradiction, open } = checked.violation.witness;
      const operations = [...contradiction, ...open.slice(0, Math.max(0, MOST_OPERATIONS - contradiction.length))];
      if (operations.length > MOST_OPERATIONS) return undefined;
      return renderHistoryAsSvg(operations, {
        describe,
        marked: contradiction,
        title: `Not a linearizable ${model.name}`,
      });
    }
    case "linearizable": {
      const [first] = checked.linearizations;
      if (first === undefined || checked.linearizations.length > 1 || first.order.length > MOST_OPERATIONS)
        return undefined;
      return renderHistoryAsSvg(first.order, { describe, order: first.order, title: `A linearizable ${model.name}` });
    }
    case "budget exhausted":
      return undefined;
  }
}
