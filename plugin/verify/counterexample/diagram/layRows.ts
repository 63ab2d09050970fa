/** From what happened, in order, to rows whose arrows know where they began. */
import type { DeployedInstance } from "../../../../runtime/routing/address.ts";
import type { LogicalMessage } from "../../../../runtime/simulator/index.ts";
import type { Arrow, Row } from "./diagram.ts";
import type { Lifelines } from "./lifelines.ts";

/** A row, before anybody knows which others there are. */
export interface Happening extends Omit<Row, "at" | "arrow"> {
  readonly where: DeployedInstance;
  /** The message that came, if this is what came of one. */
  readonly message?: LogicalMessage | undefined;
  /** The earlier happening that had this one come about, when it is not the one in which the message left. */
  readonly cause?: Happening | undefined;
  readonly left: readonly LogicalMessage[];
}

export function layRows(happenings: readonly Happening[], lifelines: Lifelines): readonly Row[] {
  const rowOf = new Map<Happening, number>();
  const leftIn = new Map<LogicalMessage, number>();
  happenings.forEach((happening, row) => {
    rowOf.set(happening, row);
    for (const message of happening.left) if (!leftIn.has(message)) leftIn.set(message, row);
  });
  const arrowFrom = (row: number | undefined, message: LogicalMessage | undefined): Arrow | undefined => {
    const from = row === undefined ? undefined : happenings[row];
    if (from !== undefined) return { lifeline: lifelines.indexOf(from.where), row };
    const lifeline = message && lifelines.ofNode(message.from);
    return lifeline === undefined ? undefined : { lifeline, row: undefined };
  };
  return happenings.map(({ where, message, cause, left: _, ...rest }) => {
    const row = cause === undefined ? message && leftIn.get(message) : rowOf.get(cause);
    return { ...rest, at: lifelines.indexOf(where), arrow: arrowFrom(row, message) };
  });
}
