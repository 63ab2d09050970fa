import { InvalidArgumentError } from "commander";

/** More processes than one machine takes. */
export const MOST_PARTITIONS = 256;

/** A parser for commander: whole numbers within bounds. What is refused is named in the message that commander prints. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range =
        most === Number.MAX_SAFE_INTEGER ? `${String(least)} or more` : `from ${String(least)} to ${String(most)}`;
      throw new InvalidArgumentError(`It has to be a whole number, ${range}.`);
    }
    return value;
  };
}

/** As {@link wholeNumber}, for durations in seconds: fractions are fine. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0 || value > 86_400) {
    throw new InvalidArgumentError("It has to be a number of seconds, more than 0 and at most a day.");
  }
  return value;
}
