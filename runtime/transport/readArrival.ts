/** What a frame means in this deployment, and whether the process at the other end may say so. */
import type { Acknowledgement } from "../channels/stamp.ts";
import { FrameError, MAX_PAYLOAD_BYTES, type Frame, type FrameFragment, type MessageFrame } from "../codec/frame.ts";
import type { Fragment } from "../coordination/fragment.ts";
import type { Deployment } from "../deployment.ts";
import type { Peer } from "./handshake.ts";
import type { Delivery } from "./transport.ts";

/**
 * The message that a frame carries.
 *
 * @param here the numbers of the instances of this process
 * @throws FrameError when it names what does not exist, or what its sender has no right to.
 */
export function readDelivery(
  deployment: Deployment,
  here: ReadonlySet<number>,
  peer: Peer,
  frame: MessageFrame,
): Delivery {
  const { to, payload, stamp, round } = frame;
  const handler = deployment.handlers[frame.handler];
  const from = deployment.nodes[frame.from];
  if (handler === undefined) throw new FrameError(`the number ${String(frame.handler)}, which names no handler`);
  if (from === undefined) throw new FrameError(`the number ${String(frame.from)}, which names no node`);
  if (!here.has(to)) throw new FrameError(`a message for instance ${String(to)}, which is not here`);
  if (payload.length > MAX_PAYLOAD_BYTES) throw new FrameError(`a payload of ${String(payload.length)} bytes`);
  if (peer.external) distrust(deployment, peer, to, frame.from, handler);
  if (stamp !== undefined && !mayForward(deployment, peer, stamp.sender, to)) {
    throw new FrameError("a forward in somebody else's name");
  }
  const fragment = frame.fragment && readFragment(deployment, peer, frame.fragment);
  return { to, handler, from, payload, stamp, round, fragment };
}

/** What clients send is whole. */
function readFragment({ handlers }: Deployment, { external }: Peer, { by, ...fragment }: FrameFragment): Fragment {
  const name = handlers[by];
  if (external) throw new FrameError("a part of a message");
  if (name === undefined) throw new FrameError(`the number ${String(by)}, which names no handler`);
  return { ...fragment, by: name };
}

/** The acknowledgement that a frame carries. @throws FrameError when it is not the peer's to give. */
export function readAcknowledgement(
  deployment: Deployment,
  here: ReadonlySet<number>,
  peer: Peer,
  { acknowledgement }: Extract<Frame, { readonly kind: "acknowledgement" }>,
): Acknowledgement {
  const { sender, receiver } = acknowledgement;
  if (!here.has(sender)) {
    throw new FrameError(`an acknowledgement for instance ${String(sender)}, which is not here`);
  }
  if (!mayForward(deployment, peer, receiver, sender)) {
    throw new FrameError("an acknowledgement in somebody else's name");
  }
  return acknowledgement;
}

/** Clients may speak for themselves only, and may not use the channels inside a node. */
function distrust(deployment: Deployment, peer: Peer, to: number, from: number, handler: string): void {
  if (!peer.nodes.has(from)) throw new FrameError("a message in somebody else's name");
  const role = deployment.instances[to]?.role ?? "";
  if (deployment.roles.get(role)?.handlers.get(handler)?.internal === true) {
    throw new FrameError(`a message on the internal channel ${handler}`);
  }
}

/** Stateful channels stay within a node, and each process speaks for its own instances. */
function mayForward({ instances }: Deployment, peer: Peer, remote: number, local: number): boolean {
  return peer.instances.some(({ number }) => number === remote) && instances[remote]?.node === instances[local]?.node;
}
