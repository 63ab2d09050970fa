import type { ClassDeclaration, SourceFile } from "ts-morph";
import { decoratorOf, type RivenDecorator } from "./decoratorOf.ts";
import type { Literal } from "./literalOf.ts";

/** A class that is decorated with `Role` from `riven`. */
export interface RoleDeclaration {
  readonly name: string;
  readonly external: boolean;
  readonly node: ClassDeclaration;
  readonly decorator: RivenDecorator;
}

/** The roles that these files declare, in the order of the source. A decorator called `Role` from elsewhere is not ours. */
export function roleDeclarations(sources: readonly SourceFile[]): readonly RoleDeclaration[] {
  return sources.flatMap((source) => source.getClasses()).flatMap((node) => roleDeclaration(node) ?? []);
}

/** The role that a class declares, or undefined when it declares none. */
export function roleDeclaration(node: ClassDeclaration): RoleDeclaration | undefined {
  const decorator = decoratorOf(node, "Role");
  if (decorator === undefined) return undefined;
  const options = decorator.arguments[0];
  return {
    name: node.getName() ?? "default",
    external: isRecord(options) && options["external"] === true,
    node,
    decorator,
  };
}

function isRecord(value: Literal | undefined): value is { readonly [name: string]: Literal } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
