/** From a folder on disk to the sources of one protocol, ready to be analysed. Nothing here throws for what a user has. */
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { Project, ts, type CompilerOptions } from "ts-morph";
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { Span } from "../model/span.ts";
import { isProtocolFile, isProtocolFolder, PLAN_FILE, type OpenProject } from "./protocolFolder.ts";
import { relativePath } from "./syntax/relativePath.ts";
import { roleDeclarations } from "./syntax/roleDeclarations.ts";

export { openInMemory } from "./openInMemory.ts";

export type { OpenProject } from "./protocolFolder.ts";

export type OpenResult =
  { readonly project: OpenProject; readonly findings?: never } | { readonly findings: readonly Finding[] };

/**
 * Opens the protocol in a folder, with the compiler options of the nearest tsconfig.json upwards.
 *
 * @param folder Absolute, or relative to the working directory.
 * @returns The project; or findings when there is no such folder, no tsconfig.json, one that does not parse, or no role.
 */
export function openProject(folder: string): OpenResult {
  const absolute = resolve(folder);
  if (!existsSync(absolute)) return refuse("RVN400", absolute, `There is no folder ${folder}.`);
  if (!statSync(absolute).isDirectory()) {
    return refuse("RVN400", absolute, `${folder} is a file. Riven reads the folder of a protocol.`);
  }
  const configFile = ts.findConfigFile(absolute, (file) => ts.sys.fileExists(file));
  if (configFile === undefined) {
    return refuse("RVN401", absolute, `There is no tsconfig.json in ${folder} or in any folder above it.`);
  }
  const root = dirname(configFile);
  const config = readConfig(configFile, root);
  if ("findings" in config) return config;

  const files = protocolFiles(absolute);
  const lean = load(absolute, root, files, { ...config.options, types: [] });
  const project = isSelfContained(lean) ? lean : load(absolute, root, files, config.options);
  const { sources } = project;
  if (roleDeclarations(sources).length === 0) {
    const place = sources[0] === undefined ? absolute : sources[0].getFilePath();
    return refuse("RVN403", place, noRole(folder, files), root);
  }
  return { project };
}

function load(folder: string, root: string, files: readonly string[], compilerOptions: CompilerOptions): OpenProject {
  const project = new Project({ compilerOptions, skipAddingFilesFromTsConfig: true });
  const sources = files.map((file) => project.addSourceFileAtPath(file));
  const planFile = join(folder, PLAN_FILE);
  const plan = existsSync(planFile) ? project.addSourceFileAtPath(planFile) : undefined;
  return { root: slashes(root), folder: slashes(folder), project, sources, plan };
}

/**
 * Whether a protocol means the same without the ambient types (`types` of the tsconfig, `@types/node` in most projects)
 * as with them: it type-checks, and reaches no package. Most protocols are like that, and those types take four times as
 * long to read as all the rest.
 */
function isSelfContained({ project, sources }: OpenProject): boolean {
  const program = project.getProgram().compilerObject;
  const reachesPackage = program.getSourceFiles().some((file) => {
    const isLibrary = program.isSourceFileDefaultLibrary(file);
    return !isLibrary && /\/node_modules\/(?!riven\/)/.test(file.fileName);
  });
  if (reachesPackage) return false;
  return sources.every(({ compilerNode }) => program.getSemanticDiagnostics(compilerNode).length === 0);
}

/** All but those in folders below that have a plan of their own: these are other protocols. */
function protocolFiles(folder: string): readonly string[] {
  const walk = (relative: string): string[] =>
    readdirSync(join(folder, relative), { withFileTypes: true }).flatMap((entry) => {
      const path = relative === "" ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory()) {
        const isPart = isProtocolFolder([entry.name]) && !existsSync(join(folder, path, PLAN_FILE));
        return isPart ? walk(path) : [];
      }
      return entry.isFile() && isProtocolFile(path) ? [path] : [];
    });
  return walk("")
    .sort()
    .map((path) => join(folder, path));
}

function readConfig(
  configFile: string,
  root: string,
): { readonly options: CompilerOptions } | { readonly findings: readonly Finding[] } {
  const read = ts.readConfigFile(configFile, (file) => ts.sys.readFile(file));
  const parsed =
    read.error === undefined
      ? ts.parseJsonConfigFileContent(read.config, ts.sys, root, undefined, configFile)
      : undefined;
  const errors = read.error === undefined ? (parsed?.errors ?? []) : [read.error];
  // A project may well list no files of its own: Riven looks for them itself.
  const serious = errors.filter(
    (error) => error.category === ts.DiagnosticCategory.Error && !NO_INPUTS.has(error.code),
  );
  const first = serious[0];
  if (first !== undefined || parsed === undefined) {
    const text = first === undefined ? "it could not be read" : ts.flattenDiagnosticMessageText(first.messageText, " ");
    return {
      findings: [
        createFinding(
          "RVN402",
          `${relativePath(process.cwd(), configFile)} is not usable: ${text}`,
          diagnosticSpan(first, configFile, root),
        ),
      ],
    };
  }
  const { composite: _composite, incremental: _incremental, tsBuildInfoFile: _info, ...options } = parsed.options;
  return { options: { ...options, noEmit: true, skipLibCheck: true } };
}

/** TypeScript's codes for a configuration without input files. */
const NO_INPUTS = new Set([18002, 18003]);

function diagnosticSpan(diagnostic: ts.Diagnostic | undefined, file: string, root: string): Span {
  const place = wholeFile(file, root);
  if (diagnostic?.file === undefined || diagnostic.start === undefined) return place;
  const end = diagnostic.start + (diagnostic.length ?? 0);
  const from = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  const to = diagnostic.file.getLineAndCharacterOfPosition(end);
  return {
    ...place,
    start: diagnostic.start,
    end,
    line: from.line + 1,
    column: from.character + 1,
    endLine: to.line + 1,
    endColumn: to.character + 1,
  };
}

function noRole(folder: string, files: readonly string[]): string {
  if (files.length === 0) return `${folder} has no TypeScript source of a protocol.`;
  return `No class in ${folder} is decorated with Role from "riven".`;
}

function refuse(code: "RVN400" | "RVN401" | "RVN403", path: string, message: string, root = process.cwd()): OpenResult {
  return { findings: [createFinding(code, message, wholeFile(path, root))] };
}

/** The place of a finding about a file or folder as such. */
function wholeFile(path: string, root: string): Span {
  return {
    file: relativePath(slashes(root), slashes(path)),
    start: 0,
    end: 0,
    line: 1,
    column: 1,
    endLine: 1,
    endColumn: 1,
  };
}

function slashes(path: string): string {
  return path.split(sep).join("/");
}
