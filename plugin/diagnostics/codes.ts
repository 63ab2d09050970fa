/** Stable codes of findings. */
export type Code = `RVN${number}`;
