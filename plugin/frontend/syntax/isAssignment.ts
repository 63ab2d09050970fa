/** Whether a binary operator assigns its left operand: `=`, `+=`, `??=`. */
export function isAssignment(operator: string): boolean {
  return operator.endsWith("=") && !["==", "===", "!=", "!==", "<=", ">="].includes(operator);
}
