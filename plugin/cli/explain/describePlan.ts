/** What the plan made of the roles, and why that is safe, as plain JSON. */
import type { Component, Forward, Rewrite, RoutingKey } from "../../model/component.ts";
import { printKeyPart } from "../../model/printKeyPart.ts";

export type PlannedRole = { readonly role: string; readonly components: readonly PlannedComponent[] };

export type PlannedComponent = {
  readonly name: string;
  readonly handlers: readonly string[];
  /** What runs here of handlers whose messages enter elsewhere: `propose, after main`. */
  readonly forwards: readonly string[];
  readonly partitions: number;
  /** `vote by m.id` */
  readonly keys: readonly string[];
  /** Fields that are spread, as their keys say. */
  readonly spread: readonly string[];
  /** Fields of which every partition has a copy. */
  readonly copies: readonly string[];
  /** What every partition runs, in the order that a coordinator decides. */
  readonly together: readonly string[];
  readonly proofs: readonly { readonly rule: string; readonly statement: string; readonly facts: readonly string[] }[];
};

/** The roles that a plan changes. */
export function describePlan(rewrite: Rewrite): readonly PlannedRole[] {
  return rewrite.roles
    .filter(({ components }) => components.some(isPlanned))
    .map(({ role, components }) => ({ role, components: components.map(describeComponent) }));
}

function isPlanned({ name, partitioning }: Component): boolean {
  return name !== "main" || partitioning !== undefined;
}

function describeComponent(component: Component): PlannedComponent {
  const { name, handlers, forwards, partitioning, proofs } = component;
  return {
    name,
    handlers,
    forwards: forwards.map(describeForward),
    partitions: partitioning?.partitions ?? 1,
    keys: Object.entries(partitioning?.keys ?? {}).map(([message, key]) => `${message} by ${printKey(key)}`),
    spread: Object.keys(partitioning?.positions ?? {}),
    copies: partitioning?.replication?.fields ?? [],
    together: Object.keys(partitioning?.replication?.handlers ?? {}),
    proofs,
  };
}

function describeForward({ name, handler, from }: Forward): string {
  return `${name}, part of ${handler}, from ${from}`;
}

/** `id`, `(tenant, user)`, `from.id` */
export function printKey(key: RoutingKey): string {
  const parts = key.map((part) => printKeyPart(part));
  if (parts.length === 0) return "nothing: the first partition takes it";
  return parts.length === 1 ? parts.join() : `(${parts.join(", ")})`;
}
