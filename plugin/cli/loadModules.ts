/** The two modules of the user's that commands run: `run.ts` and `rewritten/index.ts`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RewrittenSystem, SystemDefinition } from "../../runtime/system.ts";
import { OUTPUT_FOLDER } from "../pipeline.ts";
import { shown } from "./folder.ts";
import type { Io } from "./io.ts";
import { Mistake } from "./mistake.ts";

/** The absolute path of the module that describes a system. */
export function systemFile(folder: string): string {
  return join(folder, "run.ts");
}

/** The absolute path of the module that `riven build` writes for the runtime. */
export function rewrittenFile(folder: string): string {
  return join(folder, OUTPUT_FOLDER, "index.ts");
}

/** The default export of `run.ts`: which nodes there are, and the clients. */
export async function loadSystem(folder: string, io: Io): Promise<SystemDefinition> {
  const exported = await loadDefault(
    systemFile(folder),
    io,
    "It says which nodes there are: export default system({ … }).",
  );
  if (!isSystemDefinition(exported)) {
    throw new Mistake(
      `The default export of ${shown(systemFile(folder), io.cwd)} is not a system.`,
      'It has to be: export default system({ name, roles, clients }), with system from "riven/runtime".',
    );
  }
  return exported;
}

/** The default export of `rewritten/index.ts`: the classes of the components, and the routing table. */
export async function loadRewritten(folder: string, io: Io): Promise<RewrittenSystem> {
  const build = `Run riven build ${shown(folder, io.cwd)} first.`;
  const exported = await loadDefault(rewrittenFile(folder), io, build);
  if (!isRewrittenSystem(exported)) {
    throw new Mistake(
      `The default export of ${shown(rewrittenFile(folder), io.cwd)} is not a rewritten system.`,
      build,
    );
  }
  return exported;
}

async function loadDefault(file: string, io: Io, whatItIs: string): Promise<unknown> {
  if (!existsSync(file)) throw new Mistake(`There is no ${shown(file, io.cwd)}.`, whatItIs);
  const module = await io.importModule(file).catch((error: unknown) => {
    throw new Mistake(`${shown(file, io.cwd)} could not be loaded: ${describe(error)}`);
  });
  return defaultExport(module);
}

/** Through the wrapper that a CommonJS module gets when it is imported, if there is one. */
function defaultExport(module: unknown): unknown {
  const exported = property(module, "default");
  return property(exported, "default") ?? exported;
}

/** The message of an error of the user's own code, and where it comes from. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const place = /^\s+at .*$/m.exec(error.stack ?? "")?.[0].trim();
  return place === undefined ? error.message : `${error.message}\n  ${place}`;
}

function isSystemDefinition(value: unknown): value is SystemDefinition {
  return (
    typeof property(value, "name") === "string" &&
    Array.isArray(property(value, "roles")) &&
    typeof property(property(value, "clients"), "driver") === "function"
  );
}

function isRewrittenSystem(value: unknown): value is RewrittenSystem {
  return isObject(property(value, "components")) && isObject(property(property(value, "routing"), "roles"));
}

function property(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null;
}
