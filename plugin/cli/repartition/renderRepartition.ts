/** What a re-partitioning did, for people. */
import { renderTable } from "../../diagnostics/renderTable.ts";
import { count, type Colours } from "../../diagnostics/renderText.ts";
import type { RepartitionResult } from "../../../runtime/repartition/repartition.ts";

export function renderRepartition(
  { moves, backup, finished }: RepartitionResult,
  dryRun: boolean,
  colours: Colours,
): string {
  const rows = moves.map(({ component, from, to, entries, journalRecords }) => [
    component,
    String(from),
    String(to),
    entries.join(" "),
    String(journalRecords),
  ]);
  return [
    ...(finished === undefined
      ? []
      : [`An earlier re-partitioning was interrupted, and is finished now. What was there is in ${finished}.`]),
    ...(rows.length === 0 ? [] : [renderTable([COLUMNS, ...rows])]),
    conclusion(moves.length, backup, dryRun, colours),
  ].join("\n");
}

const COLUMNS = ["component", "from", "to partitions", "entries of each", "journal records"];

function conclusion(moves: number, backup: string | undefined, dryRun: boolean, colours: Colours): string {
  if (dryRun) return moves === 0 ? "There is nothing to move." : "Nothing was changed: this was a dry run.";
  if (backup === undefined) return "There is nothing to move: all state lies where it belongs.";
  const what = `${count(moves, "component")} moved. What was there is in ${backup}; remove it when all is well.`;
  return colours.green(what);
}
