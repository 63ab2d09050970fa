import { Node, SyntaxKind, type CallExpression, type NewExpression } from "ts-morph";
import { isEvaluated } from "../syntax/declarationOf.ts";
import { externalName, printExternal } from "../syntax/externalName.ts";
import { spanBetween } from "../syntax/spanOf.ts";
import { walk } from "../syntax/walk.ts";
import type { Check, Validator } from "./check.ts";
import { objectionTo } from "./outsideWorld.ts";

/** RVN102 to RVN105 and RVN128: clocks, chance, input and output, locales, and code that is made at run time. */
export const validateOutsideWorld: Validator = (check) => {
  for (const unit of check.units) {
    walk(unit, (node) => {
      if (isWholeName(node)) checkName(node, check);
      if (Node.isCallExpression(node)) checkCall(node, check);
      if (Node.isNewExpression(node)) checkDate(node, check);
      if (Node.isWithStatement(node))
        check.report("RVN128", "with makes every name inside depend on a value.", node.getFirstChildOrThrow());
    });
  }
};

/** Whether this is a name as far as it goes: `Date.now` of `Date.now()`, and not also the `Date` in it. */
function isWholeName(node: Node): boolean {
  if (Node.isIdentifier(node) && !isEvaluated(node)) return false;
  if (!Node.isIdentifier(node) && !Node.isPropertyAccessExpression(node) && !Node.isElementAccessExpression(node))
    return false;
  const parent = node.getParent();
  const isInner =
    (Node.isPropertyAccessExpression(parent) || Node.isElementAccessExpression(parent)) &&
    parent.getExpression() === node &&
    externalName(parent) !== undefined;
  return !isInner;
}

function checkName(node: Node, { report }: Check): void {
  const name = externalName(node);
  if (name === undefined) return;
  const objection = objectionTo(name);
  if (objection !== undefined) report(objection.code, `${printExternal(name)} ${objection.because}.`, node);
}

/** `new Date()` and `Date()` read the clock; `new Date(m.at)` does not. */
function checkDate(node: NewExpression | CallExpression, { report }: Check): void {
  const name = externalName(node.getExpression());
  if (name?.module !== undefined || name?.path.join(".") !== "Date") return;
  if (Node.isCallExpression(node) || node.getArguments().length === 0) {
    report(
      "RVN102",
      `${node.getText()} reads the clock of the machine it runs on, so the handler cannot be replayed.`,
      node,
    );
  } else if (node.getArguments().length > 1) {
    report("RVN105", "A date made of years, months and days depends on the time zone of the machine.", node);
  }
}

const LOCAL_DATE_METHOD =
  /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$|^to(Date|Time)?String$/;

function checkCall(node: CallExpression, check: Check): void {
  checkDate(node, check);
  if (node.getExpression().getKind() === SyntaxKind.ImportKeyword) {
    check.report("RVN128", "import() loads code after the handler has returned.", node);
    return;
  }
  const callee = node.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return;
  const method = callee.getNameNode();
  const declarations = method.getSymbol()?.getDeclarations() ?? [];
  if (!declarations.some((declaration) => declaration.getSourceFile().isDeclarationFile())) return;
  const name = method.getText();
  const message = `${name} gives different results on machines with different languages or time zones.`;
  if (name === "localeCompare" && node.getArguments().length === 1) {
    const end = node.getEnd() - 1;
    const edits = [{ span: spanBetween(node.getSourceFile(), end, end, check.open.root), newText: `, "en"` }];
    check.report("RVN105", message, method, { fixes: [{ title: `Compare as in English`, edits }] });
  } else if (name === "toLocaleUpperCase" || name === "toLocaleLowerCase") {
    const plain = name.replace("Locale", "");
    const span = spanBetween(node.getSourceFile(), method.getStart(), node.getEnd(), check.open.root);
    check.report("RVN105", message, method, {
      fixes: [{ title: `Use ${plain}`, edits: [{ span, newText: `${plain}()` }] }],
    });
  } else if (name.startsWith("toLocale")) {
    check.report("RVN105", message, method);
  } else if (LOCAL_DATE_METHOD.test(name) && callee.getExpression().getType().getSymbol()?.getName() === "Date") {
    check.report("RVN105", message, method);
  }
}
