/** The commands of a client that were not answered, and whom it sends them to. */
import type { Peers } from "riven";
import type { Operation, Proposer } from "./protocol.ts";

/** How often a command is sent again at once because somebody else leads. After that it waits for the next operation. */
const REDIRECTIONS = 8;

interface Waiting {
  readonly operation: Operation;
  /** How many operations the client had issued when it last sent the command of its own accord. */
  sentAt: number;
  redirections: number;
}

export class Outstanding {
  private readonly commands = new Map<number, Waiting>();
  /** Whom this client takes for the leader: a place in the list of the proposers. */
  private target = 0;

  issue(proposers: Peers<Proposer>, sequence: number, operation: Operation): void {
    this.retry(proposers, sequence);
    this.commands.set(sequence, { operation, sentAt: sequence, redirections: 0 });
    this.send(proposers, sequence);
  }

  answered(sequence: number): void {
    this.commands.delete(sequence);
  }

  /** @param leader Who may have to be asked instead; undefined when nobody knows. */
  redirect(proposers: Peers<Proposer>, sequence: number, leader: string | undefined): void {
    const command = this.commands.get(sequence);
    if (command === undefined || command.redirections >= REDIRECTIONS) return;
    command.redirections += 1;
    this.target = (leader === undefined ? this.target + 1 : proposers.ids.indexOf(leader)) % proposers.size;
    this.send(proposers, sequence);
  }

  /** Commands that take much longer than others may be lost, and their proposer may be gone: another one gets them. */
  private retry(proposers: Peers<Proposer>, issued: number): void {
    const late = [...this.commands].filter(([, { sentAt }]) => issued - sentAt > 2 * this.commands.size);
    if (late.length === 0) return;
    this.target = (this.target + 1) % proposers.size;
    for (const [sequence, command] of late) {
      command.sentAt = issued;
      command.redirections = 0;
      this.send(proposers, sequence);
    }
  }

  private send(proposers: Peers<Proposer>, sequence: number): void {
    const command = this.commands.get(sequence);
    const proposer = proposers.ids[this.target];
    if (command === undefined || proposer === undefined) return;
    const answered = Math.min(...this.commands.keys());
    proposers.at(proposer).request({ sequence, answered, operation: command.operation });
  }
}
