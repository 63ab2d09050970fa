import { Node, SyntaxKind, type ClassDeclaration } from "ts-morph";
import { addModifier, insertBefore } from "../syntax/modifierEdits.ts";
import type { Check, Validator } from "./check.ts";
import type { RoleCode } from "./roleCode.ts";

/** RVN130 to RVN134: the class of a role as such. */
export const validateRoles: Validator = (check) => {
  const first = new Map<string, ClassDeclaration>();
  for (const code of check.roles) {
    checkName(code, first, check);
    checkExport(code, check);
    if (code.role.external) checkExternal(code, check);
    else checkInternal(code, check);
  }
};

function checkName({ role: { node, name } }: RoleCode, first: Map<string, ClassDeclaration>, { report }: Check): void {
  if (node.getName() === undefined) {
    report("RVN133", "A role is named after its class, and this class has no name.", keywordOf(node));
    return;
  }
  const earlier = first.get(name);
  if (earlier === undefined) {
    first.set(name, node);
    return;
  }
  report(
    "RVN133",
    `There are two roles called ${name}. Messages are addressed by the name of the role.`,
    nameOf(node),
    {
      related: [{ message: `The first ${name} is here.`, at: nameOf(earlier) }],
    },
  );
}

function checkExport({ role: { node, name } }: RoleCode, { report, open }: Check): void {
  if (node.isExported()) return;
  const fixes = [{ title: `Export ${name}`, edits: [addModifier(node, "export", open.root)] }];
  report("RVN130", `${name} is not exported, so nothing that Riven generates can refer to it.`, nameOf(node), {
    fixes,
  });
}

function checkExternal({ role: { node, name }, classes }: RoleCode, { report, open }: Check): void {
  if (!node.isAbstract()) {
    const fixes = [
      {
        title: `Make ${name} abstract`,
        edits: [insertBefore(keywordOf(node), "abstract ", open.root)],
      },
    ];
    report(
      "RVN131",
      `${name} is external, so its class has to be abstract: the application supplies what happens there.`,
      nameOf(node),
      { fixes },
    );
  }
  for (const member of classes.flatMap((declaration) => declaration.getMembers())) {
    const isHandler = Node.isMethodDeclaration(member) && member.isAbstract();
    if (isHandler) continue;
    const what = Node.hasName(member) ? member.getName() : "a constructor";
    const place = Node.hasName(member) ? member.getNameNode() : member.getFirstChildOrThrow();
    report(
      "RVN131",
      `${name} is external, so it may only have abstract methods, the messages that it receives; this declares ${what}.`,
      place,
    );
  }
}

function checkInternal({ role: { node, name }, foreignBase }: RoleCode, { report }: Check): void {
  if (node.isAbstract()) {
    report("RVN134", `${name} is abstract, so no node of it can run.`, nameOf(node));
  }
  if (foreignBase !== undefined) {
    const message = `${name} extends ${foreignBase.getText()}, whose source is not part of this project, so what its handlers do is not known.`;
    report("RVN138", message, foreignBase);
  }
}

function nameOf(node: ClassDeclaration): Node {
  return node.getNameNode() ?? keywordOf(node);
}

function keywordOf(node: ClassDeclaration): Node {
  return node.getFirstChildByKindOrThrow(SyntaxKind.ClassKeyword);
}
