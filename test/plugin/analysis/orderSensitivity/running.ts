/** Handler bodies run as they are written, to see whether order and repetition show. */
import { FIELDS, type Program } from "./handlers.ts";

export interface Input {
  readonly handler: number;
  readonly m: { readonly id: string; readonly client: string; readonly n: number };
  readonly from: string;
}

/** For each handler, the entry that its message waits for. */
export type Waits = readonly ({ readonly field: string; readonly key: (input: Input) => unknown } | undefined)[];

type Handler = (this: object, m: Input["m"], from: object) => void;

export const MEMBERS = ["p", "q"];

/** What is sent when the inputs are handled in this order: lines, sorted. */
export function outputsOf(program: Program, inputs: readonly Input[], waits: Waits): readonly string[] {
  const sent: string[] = [];
  const node = (id: string): object => ({
    id,
    take: (m: unknown) => {
      sent.push(`${id} ${JSON.stringify(m)}`);
    },
  });
  const state: { [name: string]: unknown } = {
    ids: MEMBERS,
    others: { ids: MEMBERS, size: MEMBERS.length, at: node },
    only: node("only"),
  };
  for (const [name, { initial }] of Object.entries(FIELDS)) {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the initial values of the class under test
    const make = new Function(`return ${initial}`) as () => unknown;
    state[name] = make();
  }
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the bodies of the class under test
  const handlers = program.handlers.map((body) => new Function("m", "from", body) as Handler);
  const isWaiting = (input: Input): boolean => {
    const wait = waits[input.handler];
    if (wait === undefined) return false;
    const field = state[wait.field];
    return (field instanceof Map || field instanceof Set) && !field.has(wait.key(input));
  };
  let parked: readonly Input[] = [];
  for (const input of inputs) {
    let ready: readonly Input[] = [input];
    while (ready.length > 0) {
      for (const one of ready) {
        if (isWaiting(one)) parked = [...parked, one];
        else handlers[one.handler]?.call(state, one.m, node(one.from));
      }
      ready = parked.filter((one) => !isWaiting(one));
      parked = parked.filter(isWaiting);
    }
  }
  return sent.toSorted();
}
