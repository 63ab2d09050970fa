import { ChannelSender } from "../../../runtime/channels/channelSender.ts";
import { deploy } from "../../../runtime/deployment.ts";
import type { Outgoing } from "../../../runtime/node/message.ts";
import { encodePayload } from "../../../runtime/codec/payloadEncoder.ts";
import { hub, rewrittenHub } from "./hub.ts";

const deployment = deploy(hub, { rewritten: rewrittenHub("acknowledged") });
const shelf = deployment.instances.find(({ component }) => component === "shelf");
const main = deployment.instances.find(({ component }) => component === "main");

function forwardOf(handler: string): Outgoing {
  if (shelf === undefined || main === undefined) throw new Error("The hub has two parts.");
  return { destination: shelf, from: main.node, handler, payload: encodePayload(null), internal: true };
}

describe("what an instance acknowledges itself", () => {
  it("waits for the forwards of the activation that applied it, and of earlier ones, as its messages do", () => {
    const sender = new ChannelSender(7, () => undefined);
    const said: string[] = [];
    sender.stamp(forwardOf("keep"), { channel: "acknowledged" }, null);
    sender.commit(1);
    sender.whenApplied(1, () => said.push("first"));
    sender.whenApplied(2, () => said.push("second"));
    expect([said, sender.held]).toEqual([[], 0]);
    sender.acknowledge({ channel: "acknowledged", sender: 7, receiver: shelf?.number ?? -1, sequence: 1 });
    expect(said).toEqual(["first", "second"]);
    sender.whenApplied(3, () => said.push("third"));
    expect(said).toEqual(["first", "second", "third"]);
  });
});
