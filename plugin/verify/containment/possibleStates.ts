/**
 * The original as somebody sees it who knows only what external nodes have seen: after each history, the set of all states in
 * which it can be. The subset construction of Rabin and Scott, "Finite automata and their decision problems" (1959), done only
 * where it is asked for.
 */
import type { StateNumber } from "../../../runtime/simulator/explorer/transitionSystem.ts";
import type { Limits } from "./bounds.ts";
import { SILENT } from "./eventNames.ts";
import type { KnownGraph } from "./knownGraph.ts";
import { NumberList } from "./numberList.ts";
import { StateSets } from "./stateSets.ts";
import { trappedStates } from "./trappedStates.ts";

/** A set of states that is closed under what nobody sees. */
export type StateSet = number;

/** What follows a set: where its events lead to, before and after what nobody sees has been added. */
interface Following {
  readonly begins: ReadonlyMap<number, readonly StateNumber[]>;
  readonly closed: Map<number, StateSet>;
}

export class PossibleStates {
  readonly sets = new StateSets();
  /** What watches over the search that goes on. */
  limits: Limits | undefined;
  readonly #graph: KnownGraph;
  readonly #start: StateNumber;
  readonly #following = new Map<StateSet, Following>();
  readonly #ending = new Map<StateSet, boolean>();
  /** By state: the last closure that it was put into. */
  readonly #marks = new NumberList();
  #closures = 0;
  #largest = 0;
  #initial: StateSet | undefined;

  constructor(graph: KnownGraph, start: StateNumber) {
    this.#graph = graph;
    this.#start = start;
  }

  get initial(): StateSet {
    return (this.#initial ??= this.#close([this.#start]));
  }

  get largest(): number {
    return this.#largest;
  }

  /** Where the system can be once it has shown this event; undefined when it cannot show it. */
  after(set: StateSet, event: number): StateSet | undefined {
    const { begins, closed } = this.#follow(set);
    const known = closed.get(event);
    if (known !== undefined) return known;
    const beginning = begins.get(event);
    if (beginning === undefined) return undefined;
    const following = this.#close(beginning);
    closed.set(event, following);
    return following;
  }

  /** What can be seen next. */
  eventsAfter(set: StateSet): readonly number[] {
    return [...this.#follow(set).begins.keys()];
  }

  /** Whether the system may never show anything any more: it is at rest, or goes on in silence for ever. */
  mayEnd(set: StateSet): boolean {
    const known = this.#ending.get(set);
    if (known !== undefined) return known;
    const members = this.sets.members(set);
    const answer = members.some((state) => this.#graph.isAtRest(state)) || trappedStates(this.#graph, members).size > 0;
    this.#ending.set(set, answer);
    return answer;
  }

  #follow(set: StateSet): Following {
    const known = this.#following.get(set);
    if (known !== undefined) return known;
    const begins = new Map<number, StateNumber[]>();
    for (const state of this.sets.members(set)) {
      const degree = this.#graph.degree(state);
      for (let index = 0; index < degree; index++) {
        const event = this.#graph.event(state, index);
        if (event === SILENT) continue;
        const states = begins.get(event);
        const target = this.#graph.target(state, index);
        if (states === undefined) begins.set(event, [target]);
        else states.push(target);
      }
    }
    const following = { begins, closed: new Map<number, StateSet>() };
    this.#following.set(set, following);
    return following;
  }

  #close(states: readonly StateNumber[]): StateSet {
    const closure = ++this.#closures;
    const members: StateNumber[] = [];
    const add = (state: StateNumber): void => {
      if (this.#marks.peek(state) === closure) return;
      this.#marks.set(state, closure);
      members.push(state);
      this.limits?.checkSet(members.length);
    };
    for (const state of states) add(state);
    for (let next = 0; next < members.length; next++) {
      const state = members[next] ?? 0;
      const degree = this.#graph.degree(state);
      for (let index = 0; index < degree; index++) {
        if (this.#graph.event(state, index) === SILENT) add(this.#graph.target(state, index));
      }
      this.limits?.check();
    }
    this.#largest = Math.max(this.#largest, members.length);
    return this.sets.intern(Uint32Array.from(members));
  }
}
