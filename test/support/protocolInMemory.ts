/** Protocols in real TypeScript, read by the frontend, for tests of what comes after it. */
import type { Finding } from "../../plugin/diagnostics/finding.ts";
import { openInMemory } from "../../plugin/frontend/openInMemory.ts";
import { readPlans } from "../../plugin/frontend/readPlans.ts";
import { readProtocol } from "../../plugin/frontend/readProtocol.ts";
import { roleDeclarations } from "../../plugin/frontend/syntax/roleDeclarations.ts";
import type { Component, Rewrite } from "../../plugin/model/component.ts";
import { findHandler, findRole, type Handler, type Protocol, type Role } from "../../plugin/model/protocol.ts";
import type { RequestedPlan } from "../../plugin/model/requestedPlan.ts";
import { applyPlans, type ApplyOptions } from "../../plugin/planner/applyPlans.ts";
import { textAt } from "./textAt.ts";

export { textAt } from "./textAt.ts";

const IMPORTS = `import { After, Durable, Every, Fifo, On, OnRecover, OnStart, Role, journal, peer, peers, pure, self, timers, type Ref } from "riven";\n`;

export interface Read {
  readonly protocol: Protocol;
  readonly plans: readonly RequestedPlan[];
}

/** Reads the classes of a protocol; the imports from "riven" are added. `plan` is the array of a plan file. */
export function readSource(source: string, plan?: string): Read {
  const imported = [...source.matchAll(/export (?:abstract )?class (\w+)/g)].map(([, name]) => name).join(", ");
  const open = openInMemory({
    "protocol.ts": `${IMPORTS}${source}`,
    ...(plan === undefined
      ? {}
      : {
          "riven.plan.ts": `import { plan } from "riven";\nimport { ${imported} } from "./protocol.ts";\nexport default [${plan}];\n`,
        }),
  });
  const read = readPlans(open, roleDeclarations(open.sources));
  if (read.findings.length > 0) throw new Error(read.findings.map(({ message }) => message).join("\n"));
  return { protocol: readProtocol(open), plans: read.plans };
}

export interface Applied extends Read {
  readonly rewrite: Rewrite;
  readonly findings: readonly Finding[];
}

export function applySource(source: string, plan: string, options: ApplyOptions = {}): Applied {
  const read = readSource(source, plan);
  return { ...read, ...applyPlans(read.protocol, read.plans, options) };
}

export function codesOf({ findings }: { readonly findings: readonly Finding[] }): readonly string[] {
  return findings.map(({ code }) => code);
}

export function roleOf(protocol: Protocol, name: string): Role {
  const role = findRole(protocol, name);
  if (role === undefined) throw new Error(`no role ${name}`);
  return role;
}

export function handlerOf(role: Role, name: string): Handler {
  const handler = findHandler(role, name);
  if (handler === undefined) throw new Error(`no handler ${name}`);
  return handler;
}

export function componentOf({ rewrite }: { readonly rewrite: Rewrite }, role: string, name: string): Component {
  const found = rewrite.roles.find((one) => one.role === role)?.components.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no component ${name} of ${role}`);
  return found;
}

/** A finding as a reader sees it, with the texts of its places. */
export function printFinding(protocol: Protocol, finding: Finding): string {
  const related = finding.related.map(
    ({ message, span }) => `  also: ${message}  [${textAt(protocol, span).split("\n")[0] ?? ""}]`,
  );
  const place = textAt(protocol, finding.span).split("\n")[0] ?? "";
  return [
    `${finding.code} ${finding.message}`,
    `  at: ${place}`,
    ...related,
    ...finding.scenario.map((line, i) => `  ${String(i + 1)}. ${line}`),
    ...(finding.advice === undefined ? [] : [`  ${finding.advice}`]),
  ].join("\n");
}
