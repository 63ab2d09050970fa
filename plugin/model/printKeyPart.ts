/** Keys as expressions: as people read them, and as senders evaluate them. */
import type { KeyPart } from "./component.ts";
import { PRECEDENCE, pureForm, shortName } from "./pureForm.ts";

/** How the parts that are no computation are written. */
export interface KeyWording {
  readonly column: (path: readonly string[]) => string;
  /** What the module at that path declares under that name. */
  readonly declared: (file: string, name: string) => string;
}

const PLAIN: KeyWording = { column: (path) => path.join("."), declared: (_, name) => name };

/** `id`, `order.sku`, `from.id`, `hash(value)` */
export function printKeyPart(part: KeyPart, wording: KeyWording = PLAIN): string {
  return print(part, wording).text;
}

/** An expression, and how tightly its outermost operator binds. */
interface Printed {
  readonly text: string;
  readonly binds: number;
}

const LOOSE = -1;
const UNARY = PRECEDENCE.length;
const TIGHT = UNARY + 1;

function print(part: KeyPart, wording: KeyWording): Printed {
  switch (part.kind) {
    case "column":
      return tight(wording.column(part.path));
    case "sender":
      return tight("from.id");
    case "literal":
      return typeof part.value === "string"
        ? tight(JSON.stringify(part.value))
        : { text: String(part.value), binds: UNARY };
    case "applied":
      return printApplied(part.name, part.args, wording);
  }
}

function tight(text: string): Printed {
  return { text, binds: TIGHT };
}

function printApplied(name: string, args: readonly KeyPart[], wording: KeyWording): Printed {
  const arg = (i: number, atLeast: number): string => {
    const { text, binds } = args[i] === undefined ? tight("undefined") : print(args[i], wording);
    return binds >= atLeast ? text : `(${text})`;
  };
  const list = (from: number): string =>
    args
      .slice(from)
      .map((_, i) => arg(from + i, LOOSE))
      .join(", ");
  const form = pureForm(name, args.length);
  switch (form?.kind) {
    case "template": {
      const holes = form.texts.map((text, i) => (i === 0 ? text : `\${${arg(i - 1, LOOSE)}}${text}`));
      return tight(`\`${holes.join("")}\``);
    }
    case "binary": {
      const level = PRECEDENCE.findIndex((operators) => operators.includes(form.operator));
      const [left, right] = sides(form.operator, level);
      return { text: `${arg(0, left)} ${form.operator} ${arg(1, right)}`, binds: level };
    }
    case "prefix":
      return { text: `${form.operator}${form.operator === "typeof" ? " " : ""}${arg(0, TIGHT)}`, binds: UNARY };
    case "conditional":
      return { text: `${arg(0, 0)} ? ${arg(1, 0)} : ${arg(2, 0)}`, binds: LOOSE };
    case "element":
      return tight(`${arg(0, TIGHT)}[${arg(1, LOOSE)}]`);
    case "tuple":
      return tight(`[${list(0)}]`);
    case "method":
      return tight(`${arg(0, TIGHT)}.${form.name}(${list(1)})`);
    case "property":
      return tight(/^\d/.test(form.name) ? `${arg(0, TIGHT)}[${form.name}]` : `${arg(0, TIGHT)}.${form.name}`);
    case "language":
      return tight(`${form.name}(${list(0)})`);
    case "module": {
      const declared = wording.declared(form.file, form.name);
      return tight(args.length === 0 ? declared : `${declared}(${list(0)})`);
    }
    case undefined:
      return tight(`${shortName(name)}(${list(0)})`);
  }
}

/** How tightly the operands have to bind. */
function sides(operator: string, level: number): readonly [number, number] {
  // `||` and `&&` may not stand beside `??`, nor a sign before `**`.
  if (operator === "??") return [level + 3, level + 3];
  return operator === "**" ? [TIGHT, UNARY] : [level, level + 1];
}
