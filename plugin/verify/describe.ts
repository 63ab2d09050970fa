/** The parts of a run in the names of the protocol. */
import { decodePayload } from "../../runtime/codec/payloadDecoder.ts";
import type { DeployedInstance } from "../../runtime/routing/address.ts";
import { nameOfTimer, type Activation, type LogicalMessage, type SimulatedRun } from "../../runtime/simulator/index.ts";
import { printPayload } from "./printPayload.ts";

const LONGEST_PAYLOAD = 90;

/** `leader collector.1`; only as much as tells the instances of a node apart. */
export function describeInstance(
  { deployment }: SimulatedRun,
  { role, id, component, partition }: DeployedInstance,
): string {
  const components = deployment.roles.get(role)?.components ?? [];
  const partitions = components.find(({ name }) => name === component)?.partitions ?? 1;
  const suffix = partitions > 1 ? `.${String(partition)}` : "";
  return components.length > 1 || suffix !== "" ? `${id} ${component}${suffix}` : id;
}

/** `voted({ id: "b1" })` */
export function describeMessage({ handler, payload }: LogicalMessage): string {
  const text = printPayload(decodePayload(payload));
  return `${handler}(${text.length > LONGEST_PAYLOAD ? `${text.slice(0, LONGEST_PAYLOAD)}…` : text})`;
}

/** `leader collector.1 handled voted({ id: "b1" })`, at the instance given or where the activation began. */
export function describeActivation(run: SimulatedRun, activation: Activation, at?: DeployedInstance): string {
  const instance = at ?? activation.fragments[0]?.instance;
  const where = instance === undefined ? activation.node.id : describeInstance(run, instance);
  switch (activation.cause.kind) {
    case "message":
      return `${where} handled ${describeMessage(activation.cause.message)} from ${activation.cause.message.from.id}`;
    case "timer":
      return `${where} fired ${activation.cause.timer === undefined ? activation.handler : nameOfTimer(activation.cause.timer)}`;
    case "start":
      return `${where} ran ${activation.handler} as it started`;
    case "recover":
      return `${where} ran ${activation.handler} as it came back`;
  }
}
