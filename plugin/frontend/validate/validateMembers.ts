import {
  Node,
  Scope,
  type ClassDeclaration,
  type ClassMemberTypes,
  type ModifierableNode,
  type ParameterDeclaration,
  type PrivateIdentifier,
  type PropertyDeclaration,
} from "ts-morph";
import type { Fix } from "../../diagnostics/finding.ts";
import { rivenDecorators } from "../syntax/decoratorOf.ts";
import { isInvariant } from "../syntax/isInvariant.ts";
import { addModifier, hide } from "../syntax/modifierEdits.ts";
import { spanOf } from "../syntax/spanOf.ts";
import type { Check, Validator } from "./check.ts";
import type { RoleCode } from "./roleCode.ts";

/** RVN106, 107, 109, 110 and 111: members that a role may not have, or only as private ones. */
export const validateMembers: Validator = (check) => {
  for (const code of check.roles.filter(({ role }) => !role.external)) {
    const entries = new Set(code.entries.map(({ method }) => method.getName()));
    for (const node of code.classes) {
      checkHashNames(node, code, check);
      for (const member of node.getMembers()) {
        if (isInvariant(member)) continue;
        if (isStatic(member)) checkStatic(member, code, check);
        else if (!isHashNamed(member)) checkVisibility(member, node, entries, code, check);
      }
      for (const parameter of node.getConstructors().flatMap((constructor) => constructor.getParameters())) {
        if (parameter.hasScopeKeyword() && parameter.getScope() === Scope.Public && !parameter.isReadonly()) {
          reportPublicField(parameter, node, code, check);
        }
      }
    }
  }
};

function isStatic(member: ClassMemberTypes): boolean {
  return Node.isClassStaticBlockDeclaration(member) || (!Node.isConstructorDeclaration(member) && member.isStatic());
}

function checkStatic(member: ClassMemberTypes, { role }: RoleCode, { report, mutated }: Check): void {
  if (Node.isClassStaticBlockDeclaration(member)) {
    report(
      "RVN106",
      `${role.name} has a static block. It runs once per process, not once per node.`,
      member.getFirstChildOrThrow(),
    );
    return;
  }
  if (Node.isConstructorDeclaration(member) || rivenDecorators(member).length > 0) return; // RVN117 has more to say
  const name = member.getName();
  const isState = Node.isPropertyDeclaration(member) && (!member.isReadonly() || mutated.has(member));
  if (isState) {
    report(
      "RVN106",
      `${role.name}.${name} is shared by all nodes of one process, and not with those in other processes.`,
      member.getNameNode(),
    );
  } else {
    report(
      "RVN107",
      `${role.name}.${name} is static, and every component of a rewritten ${role.name} is another class, so it is not rewritten.`,
      member.getNameNode(),
    );
  }
}

function checkVisibility(
  member: ClassMemberTypes,
  node: ClassDeclaration,
  entries: ReadonlySet<string>,
  code: RoleCode,
  check: Check,
): void {
  if (Node.isConstructorDeclaration(member) || Node.isClassStaticBlockDeclaration(member)) return;
  if (member.getScope() !== Scope.Public) return;
  const name = member.getName();
  if (Node.isPropertyDeclaration(member)) {
    if (!member.isReadonly()) reportPublicField(member, node, code, check);
    return;
  }
  // An abstract method is judged by what implements it.
  if (member.isAbstract() || entries.has(name) || rivenDecorators(member).length > 0) return;
  const fixes = hidingFixes(member, name, node, code, check);
  const message = `${code.role.name}.${name} is public, but neither a handler nor a timer. Other roles would take it for a message.`;
  check.report("RVN110", message, member.getNameNode(), { fixes });
}

function reportPublicField(
  field: PropertyDeclaration | ParameterDeclaration,
  node: ClassDeclaration,
  code: RoleCode,
  check: Check,
): void {
  const name = field.getName();
  const message = `${code.role.name}.${name} is state that others could change without a message.`;
  check.report("RVN111", message, field.getNameNode(), { fixes: hidingFixes(field, name, node, code, check) });
}

/** A member of a base class becomes protected, since the role may use it; one that an interface asks for stays as it is. */
function hidingFixes(
  member: Node & ModifierableNode,
  name: string,
  node: ClassDeclaration,
  { role }: RoleCode,
  { open }: Check,
): readonly Fix[] {
  if (node.getImplements().length > 0) return [];
  const scope = node === role.node ? "private" : "protected";
  return [{ title: `Make ${name} ${scope}`, edits: [hide(member, scope, open.root)] }];
}

function isHashNamed(member: ClassMemberTypes): boolean {
  return Node.hasName(member) && member.getName().startsWith("#");
}

function checkHashNames(node: ClassDeclaration, { role }: RoleCode, { report, open }: Check): void {
  for (const member of node.getMembers()) {
    if (!Node.hasName(member) || !isHashNamed(member)) continue;
    const message = `${role.name}.${member.getName()} cannot be seen by the recorder, which the checks of a rewrite rely on.`;
    report("RVN109", message, member.getNameNode(), { fixes: hashFix(node, member, open.root) });
  }
}

/** Renames `#name` to `name` everywhere in its class, unless that name is taken or `#name in object` is asked. */
function hashFix(node: ClassDeclaration, member: ClassMemberTypes & Node, root: string): readonly Fix[] {
  if (!Node.hasName(member) || Node.isConstructorDeclaration(member) || Node.isClassStaticBlockDeclaration(member))
    return [];
  const name = member.getName();
  const bare = name.slice(1);
  const taken = node.getMembers().some((other) => Node.hasName(other) && other.getName() === bare);
  const uses = hashUses(node, name);
  const isProbed = uses.some((use) => Node.isBinaryExpression(use.getParent()));
  if (taken || isProbed) return [];
  const modifier = addModifier(member, "private", root);
  const edits = uses.map((use) => {
    const span = spanOf(use, root);
    return { span, newText: span.start === modifier.span.start ? `private ${bare}` : bare };
  });
  const hasOwnPlace = edits.every(({ span }) => span.start !== modifier.span.start);
  return [{ title: `Rename ${name} to private ${bare}`, edits: hasOwnPlace ? [modifier, ...edits] : edits }];
}

function hashUses(node: ClassDeclaration, name: string): readonly PrivateIdentifier[] {
  const uses: PrivateIdentifier[] = [];
  node.forEachDescendant((descendant) => {
    if (Node.isPrivateIdentifier(descendant) && descendant.getText() === name) uses.push(descendant);
  });
  return uses;
}
