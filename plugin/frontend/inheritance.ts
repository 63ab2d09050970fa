/** What of a class's making, its base classes and its constructor, its components could not repeat. */
import { Node, SyntaxKind, type ClassDeclaration } from "ts-morph";
import type { Role } from "../model/protocol.ts";
import type { Span } from "../model/span.ts";
import { declaredFields } from "./readFields.ts";
import { lineageOf } from "./syntax/lineage.ts";
import { roleDeclaration } from "./syntax/roleDeclarations.ts";

type Obstacles = Role["notUnderstood"];

/** What a class inherits becomes part of its components, as text: it has to be known, and to mean the same there. */
export function inheritanceObstacles(owner: ClassDeclaration, span: (node: Node) => Span): Obstacles {
  const { classes, foreignBase } = lineageOf(owner);
  const [, ...bases] = classes;
  return [
    ...(foreignBase === undefined
      ? []
      : [
          {
            why: `the base class ${foreignBase.getText()}, which is not part of this project`,
            span: span(foreignBase),
          },
        ]),
    ...bases.flatMap((base) => {
      const name = base.getName() ?? "without a name";
      const at = span(base.getNameNode() ?? base);
      if (roleDeclaration(base) !== undefined)
        return [{ why: `the base class ${name}, which is a role itself`, span: at }];
      if (base.getTypeParameters().length === 0) return [];
      return [{ why: `the base class ${name}, which has type parameters: components extend nothing`, span: at }];
    }),
    ...fieldObstacles(classes, span),
  ];
}

/**
 * The fields of a base class have their values, its constructor's parameters too, before those of the class itself get
 * theirs; in one class without bases that need not be so.
 */
function fieldObstacles(classes: readonly ClassDeclaration[], span: (node: Node) => Span): Obstacles {
  return classes.flatMap((node, i) => {
    const bases = classes.slice(i + 1);
    const inherited = bases.flatMap(declaredFields);
    const takesParameters = inherited.some((field) => Node.isParameterDeclaration(field));
    return declaredFields(node).flatMap((field) => {
      const initializer = field.getInitializer();
      const name = field.getName();
      const earlier = inherited.find((one) => one.getName() === name && one.getInitializer() !== undefined);
      if (earlier !== undefined) {
        return [{ why: `the field ${name}, to which a base class gives another value first`, span: span(field) }];
      }
      if (!takesParameters || initializer === undefined) return [];
      const own = [initializer, ...initializer.getDescendants()].find((one) => one.isKind(SyntaxKind.ThisKeyword));
      if (own === undefined) return [];
      const why = `the field ${name}, whose first value may depend on what the constructor of a base class takes`;
      return [{ why, span: span(initializer) }];
    });
  });
}

/** A constructor that does more than take configuration may make any state; components would each repeat it. */
export function constructorObstacles(owner: ClassDeclaration, span: (node: Node) => Span): Obstacles {
  return lineageOf(owner)
    .classes.flatMap((node) => node.getConstructors())
    .flatMap((constructor) => {
      const [first] = constructor.getStatements();
      if (first === undefined) return [];
      const why = first.getText().startsWith("super(")
        ? "a constructor in a class that extends another one: let the base class take all parameters"
        : "a constructor with statements: initialise fields where they are declared";
      return [{ why, span: span(constructor) }];
    });
}
