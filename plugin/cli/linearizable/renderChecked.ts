/** A verdict on a history, for people. */
import type { Colours } from "../../diagnostics/renderText.ts";
import { explain, type Checked, type Model } from "../../../runtime/linearizability/index.ts";

export function renderChecked(
  checked: Checked<unknown, unknown>,
  model: Model<unknown, unknown, unknown>,
  colours: Colours,
): string {
  const text = explain(checked, model);
  const end = text.indexOf(":");
  const colour = checked.verdict === "linearizable" ? colours.green : colours.red;
  return colour(text.slice(0, end)) + text.slice(end);
}
