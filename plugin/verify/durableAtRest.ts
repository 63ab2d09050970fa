/**
 * What nodes have on stable storage when a run is over: the same in the rewritten system, over all components and
 * partitions of a node, as in the original. Reads and messages may not show a difference before the next crash does.
 *
 * The order of entries in Maps and Sets is nobody's here: it is for reads to judge (conflictOrder.ts).
 */
import type { Deployment } from "../../runtime/deployment.ts";
import type { DeployedNode } from "../../runtime/routing/address.ts";
import type { DurableFields, SimulatedRun, StoredByInstance } from "../../runtime/simulator/index.ts";
import { describeInstance } from "./describe.ts";
import { printPayload } from "./printPayload.ts";
import { isCopied } from "./replication.ts";
import type { Problem } from "./verdict.ts";

/** What a node of the original has stored in the end, and what it had in the beginning. */
export interface StoredByOriginal {
  readonly now: DurableFields;
  readonly initially: DurableFields;
}

export function compareDurableAtRest(
  run: SimulatedRun,
  original: Deployment,
  storedBy: (node: DeployedNode) => StoredByOriginal,
): Problem | undefined {
  for (const node of original.nodes.filter(({ role }) => original.roles.get(role)?.external !== true)) {
    const twin = run.deployment.nodes.find(({ role, id }) => role === node.role && id === node.id);
    const parts = (twin && run.durable.get(twin)) ?? [];
    const { now, initially } = storedBy(node);
    for (const [field, value] of now) {
      const initial = treeOf(initially.get(field));
      const stored = parts.filter(({ fields }) => fields.has(field));
      const copies = stored.map(({ fields }) => treeOf(fields.get(field)));
      const whole = stored.filter(({ instance }) => isCopied(run.deployment, instance, field));
      const difference =
        findOddCopy(run, field, whole, treeOf(value)) ?? findDifference(field, merge(initial, copies), treeOf(value));
      if (difference !== undefined)
        return { kind: "durability", summary: `At rest, ${node.id} has stored ${difference}.`, trace: [] };
    }
  }
  return undefined;
}

/** Of what every partition has a copy of, each copy is what the original has. */
function findOddCopy(
  run: SimulatedRun,
  field: string,
  copies: readonly StoredByInstance[],
  original: Tree,
): string | undefined {
  for (const { instance, fields } of copies) {
    const difference = findDifference(
      `${field} of ${describeInstance(run, instance)}`,
      treeOf(fields.get(field)),
      original,
    );
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** A stored value: entries by key, or text. A Set has its elements as keys. */
type Tree = { readonly text: string; readonly entries?: ReadonlyMap<string, Tree> } | undefined;

function treeOf(value: unknown): Tree {
  if (value instanceof Map)
    return branch(
      "Map",
      [...value].map(([key, entry]) => [printPayload(key), entry]),
    );
  if (value instanceof Set)
    return branch(
      "Set",
      [...value].map((element) => [printPayload(element), true]),
    );
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || Array.isArray(value))
    return { text: printPayload(value) };
  return branch("", Object.entries(value));
}

function branch(kind: string, content: readonly (readonly [string, unknown])[]): Tree {
  const entries = new Map(content.map(([key, entry]) => [key, treeOf(entry)] as const));
  const texts = [...entries].map(([key, entry]) => `${key}: ${entry?.text ?? ""}`).sort();
  return { text: `${kind}{ ${texts.join(", ")} }`, entries };
}

/**
 * The one value that several partitions have between them: what one of them has changed, each for its own keys. Where
 * two have changed the same in different ways no value of the original is like it.
 */
function merge(initial: Tree, copies: readonly Tree[]): Tree {
  const [first, ...others] = copies.filter((copy) => copy?.text !== initial?.text);
  if (others.every((other) => other?.text === first?.text))
    return copies.length === 0 ? initial : (first ?? rest(initial, copies));
  if (copies.some((copy) => copy !== undefined && copy.entries === undefined))
    return {
      text: `different things in different places (${copies.map((copy) => copy?.text ?? "nothing").join("; ")})`,
    };
  const keys = new Set([...copies, initial].flatMap((copy) => [...(copy?.entries?.keys() ?? [])]));
  const entries = new Map<string, Tree>();
  for (const key of keys) {
    const merged = merge(
      initial?.entries?.get(key),
      copies.map((copy) => copy?.entries?.get(key)),
    );
    if (merged !== undefined) entries.set(key, merged);
  }
  const texts = [...entries].map(([key, entry]) => `${key}: ${entry?.text ?? ""}`).sort();
  return { text: `{ ${texts.join(", ")} }`, entries };
}

/** Nobody has changed it, or all that have removed it. */
function rest(initial: Tree, copies: readonly Tree[]): Tree {
  return copies.every((copy) => copy?.text === initial?.text) ? initial : undefined;
}

/** Where two values differ, and how. */
function findDifference(name: string, rewritten: Tree, original: Tree): string | undefined {
  if (rewritten?.entries === undefined || original?.entries === undefined)
    return rewritten?.text === original?.text
      ? undefined
      : `${rewritten?.text ?? "nothing"} as ${name}, and ${original?.text ?? "nothing"} in the original`;
  for (const key of new Set([...rewritten.entries.keys(), ...original.entries.keys()])) {
    const difference = findDifference(`${name}[${key}]`, rewritten.entries.get(key), original.entries.get(key));
    if (difference !== undefined) return difference;
  }
  return undefined;
}
