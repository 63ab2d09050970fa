/** How the routing table refers to what the author's modules export, and what it has to import for that. */
import { findRole, type Handler, type ModuleDeclaration, type Protocol, type Role } from "../model/protocol.ts";
import { EmissionError } from "./emissionError.ts";
import type { ImportedName } from "./imports.ts";
import type { Wording } from "./keyFunctions.ts";
import { originalRole } from "./outputClasses.ts";
import { freeNames, readSourceText } from "./sourceText.ts";
import { rebaseSpecifier, specifierOf, type ImportEnding } from "./specifiers.ts";

/** Names that the table has a meaning for: its own, and those of parameters of its functions. */
const OWN = [
  "routing",
  "RoutingTable",
  "KeyValue",
  "Bound",
  "Parameters",
  "NonNullable",
  "m",
  "f",
  "from",
  "keys",
  "_",
];

/** Collects imports while the table is printed. */
export class RoutingNames implements Wording {
  private readonly found = new Map<string, ImportedName>();
  private readonly taken = new Set(OWN);

  constructor(
    private readonly protocol: Protocol,
    private readonly folder: string,
    private readonly ending: ImportEnding,
  ) {}

  /** Everything that was asked for. */
  get imports(): readonly ImportedName[] {
    return [...this.found.values()];
  }

  readonly declared = (file: string, name: string): string =>
    this.import({ specifier: specifierOf(file, this.folder, this.ending), name, local: name, typeOnly: false });

  readonly payloadType = (handler: Handler): string => this.messageType(handler.role, handler.name);

  /** `Parameters<Leader["vote"]>[0]` */
  messageType(roleName: string, message: string): string {
    const role = findRole(this.protocol, roleName);
    if (role === undefined) throw new Error(`There is no role ${roleName}.`);
    const imported = originalRole(this.protocol, role, this.folder, this.ending);
    return `Parameters<${this.import({ ...imported, typeOnly: true })}[${JSON.stringify(message)}]>[0]`;
  }

  /**
   * An expression of the role's module, as it is written there; what it uses is imported under its own name.
   *
   * @throws EmissionError when the module keeps to itself what is used.
   */
  expression(text: string, role: Role): string {
    const source = readSourceText(text);
    const module = this.protocol.modules.find(({ file }) => file === role.file);
    for (const name of freeNames(source, [{ start: 0, end: text.length }]).keys()) {
      const declaration = module?.declarations.find((candidate) => candidate.name === name);
      if (declaration !== undefined) this.importAs(importOf(declaration, this.folder, this.ending), declaration);
    }
    return text;
  }

  private import(wanted: ImportedName): string {
    const key = JSON.stringify([wanted.specifier, wanted.name]);
    const known = this.found.get(key);
    const local = known?.local ?? this.free(wanted.local);
    this.taken.add(local);
    this.found.set(key, { ...wanted, local, typeOnly: wanted.typeOnly && known?.typeOnly !== false });
    return local;
  }

  /** `hash`, or the first of `hash2`, `hash3` … that means nothing here. */
  private free(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.taken.has(name); n += 1) name = `${wanted}${String(n)}`;
    return name;
  }

  private importAs(wanted: ImportedName | undefined, { name, span }: ModuleDeclaration): void {
    if (wanted === undefined) {
      throw new EmissionError(`Whoever puts together a sealed list has to compare by ${name}: export it.`, span);
    }
    if (this.import(wanted) !== name) {
      throw new EmissionError(`The routing table has another meaning for ${name}: give it another name.`, span);
    }
  }
}

function importOf(declaration: ModuleDeclaration, folder: string, ending: ImportEnding): ImportedName | undefined {
  const { name: local, span, exported, imported, kind } = declaration;
  if (imported !== undefined) {
    const specifier = rebaseSpecifier(imported.module, span.file, folder);
    return { specifier, name: imported.name, local, typeOnly: imported.typeOnly };
  }
  const specifier = specifierOf(span.file, folder, ending);
  return exported ? { specifier, name: local, local, typeOnly: kind === "type" } : undefined;
}
