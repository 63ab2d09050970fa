/** `@Determines`: what the senders of messages promise about their columns, held against what they sent. */
import { describeDependencies, type Dependency } from "../../decorators/markers.ts";
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import { encodePayload } from "../../runtime/codec/payloadEncoder.ts";
import type { LogicalMessage, SimulatedRun } from "../../runtime/simulator/index.ts";
import { describeMessage } from "./describe.ts";
import type { Problem } from "./verdict.ts";

/**
 * The first two messages to one handler of one node that agree in the column that a promise is about, and differ in the
 * column that it determines; undefined when all promises were kept. What was routed by a promise that was not kept may
 * have gone anywhere, so nothing else that is wrong with the run says more.
 */
export function findFalsifiedPromise(run: SimulatedRun): Problem | undefined {
  const first = new Map<string, LogicalMessage>();
  for (const { cause } of run.activations) {
    if (cause.kind !== "message") continue;
    const { message } = cause;
    for (const dependency of promisesAbout(run, message)) {
      const { from, to } = dependency;
      const name = [message.to.role, message.to.id, message.handler, from, to, printColumn(message, from)].join("\n");
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, message);
      else if (printColumn(earlier, to) !== printColumn(message, to)) return describe(dependency, earlier, message);
    }
  }
  return undefined;
}

function promisesAbout({ deployment }: SimulatedRun, { to, handler }: LogicalMessage): readonly Dependency[] {
  const role = deployment.roles.get(to.role);
  return role === undefined ? [] : describeDependencies(role.roleClass, handler);
}

/** A column as text that is the same for equal values only. */
function printColumn({ from, payload }: LogicalMessage, column: string): string {
  if (column === "from.id") return from.id;
  const value = column
    .split(".")
    .reduce<unknown>(
      (whole, step) => (typeof whole === "object" && whole !== null ? Reflect.get(whole, step) : undefined),
      decodePayload(payload),
    );
  return Buffer.from(encodePayload(value)).toString("hex");
}

function describe({ from, to }: Dependency, earlier: LogicalMessage, later: LogicalMessage): Problem {
  const node = `${later.to.role} ${later.to.id}`;
  return {
    kind: "promise",
    summary: `@Determines("${from}", "${to}") on ${later.to.role}.${later.handler} is a falsified promise: two messages to ${later.to.id} have the same ${from}, and not the same ${to}.`,
    trace: [earlier, later].map((message) => `${node} handled ${describeMessage(message)} from ${message.from.id}`),
  };
}
