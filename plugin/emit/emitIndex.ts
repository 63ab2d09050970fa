import type { Rewrite } from "../model/component.ts";
import { findRole, type Protocol } from "../model/protocol.ts";
import { LINE_WIDTH, printHeader, type EmittedFile } from "./emittedFile.ts";
import { printImports, type ImportedName } from "./imports.ts";
import { printPropertyName } from "./names.ts";
import { filesOf, originalRole, type OutputClass } from "./outputClasses.ts";
import { specifierOf, type ImportEnding } from "./specifiers.ts";

/** `index.ts`: the classes of every component, and the table that routes to them. */
export function emitIndex(
  protocol: Protocol,
  rewrite: Rewrite,
  classes: readonly OutputClass[],
  folder: string,
  ending: ImportEnding,
): EmittedFile {
  const imports: ImportedName[] = [
    { specifier: "riven/runtime", name: "RewrittenSystem", local: "RewrittenSystem", typeOnly: true },
    {
      specifier: specifierOf(`${folder}/routing.ts`, folder, ending),
      name: "routing",
      local: "routing",
      typeOnly: false,
    },
  ];
  const lines = rewrite.roles.flatMap((rewritten) => {
    const role = findRole(protocol, rewritten.role);
    if (role === undefined || role.external) return [];
    const entries = rewritten.components.map(({ name }) => {
      const output = classes.find((candidate) => candidate.role === role.name && candidate.component === name);
      const imported =
        output === undefined
          ? originalRole(protocol, role, folder, ending)
          : {
              specifier: specifierOf(output.path, folder, ending),
              name: output.name,
              local: output.name,
              typeOnly: false,
            };
      imports.push(imported);
      return name === imported.local ? name : `${printPropertyName(name)}: ${imported.local}`;
    });
    return printRole(role.name, entries);
  });
  const header = printHeader(`from ${filesOf(protocol)}: the classes of every component`, []);
  const body = ["const rewritten: RewrittenSystem = {", "  components: {", ...lines, "  },", "  routing,", "};"].join(
    "\n",
  );
  return {
    path: `${folder}/index.ts`,
    text: `${header}${printImports(imports)}\n${body}\n\nexport default rewritten;\n`,
  };
}

function printRole(role: string, entries: readonly string[]): readonly string[] {
  const line = `    ${printPropertyName(role)}: { ${entries.join(", ")} },`;
  if (line.length <= LINE_WIDTH) return [line];
  return [`    ${printPropertyName(role)}: {`, ...entries.map((entry) => `      ${entry},`), "    },"];
}
