import type { Decorator, Expression } from "ts-morph";
import { literalOf, type Literal } from "./literalOf.ts";
import { rivenName } from "./rivenName.ts";

/** Anything that can carry decorators. */
export interface Decorated {
  getDecorators(): Decorator[];
}

/** A decorator of the language, as it stands in the source. */
export interface RivenDecorator {
  /** Its name in `riven`, whatever it is imported as. */
  readonly name: string;
  readonly node: Decorator;
  readonly arguments: readonly Literal[];
  /** An argument that is not a literal; `arguments` then ends before it. */
  readonly computed: Expression | undefined;
}

/** The decorators from `riven` on a declaration. Those of other modules are not ours to judge. */
export function rivenDecorators(declaration: Decorated): readonly RivenDecorator[] {
  return declaration.getDecorators().flatMap((node) => {
    const call = node.getCallExpression();
    const name = rivenName(call?.getExpression() ?? node.getExpression());
    return name === undefined ? [] : [{ name, node, ...readArguments(node) }];
  });
}

/** The decorator of that name from `riven`, or undefined. */
export function decoratorOf(declaration: Decorated, name: string): RivenDecorator | undefined {
  return rivenDecorators(declaration).find((decorator) => decorator.name === name);
}

function readArguments(decorator: Decorator): Pick<RivenDecorator, "arguments" | "computed"> {
  const values: Literal[] = [];
  for (const argument of decorator.getArguments()) {
    const expression = argument as Expression; // a decorator's arguments are expressions; ts-morph types them as nodes
    const result = literalOf(expression);
    if (result.kind === "computed") return { arguments: values, computed: expression };
    values.push(result.value);
  }
  return { arguments: values, computed: undefined };
}
