/**
 * A replicated handler of a component that runs in several partitions may send a list of all that the component holds.
 * Then each partition sends its part, and the runtime of whoever receives the message puts the parts together, before
 * anything else looks at it.
 */
export interface Fragment {
  /** The incarnation of the sending node: rounds are counted anew in each, unless the component has durable state. */
  readonly epoch: number;
  /** The round in which it was sent, from 1 on. */
  readonly round: number;
  /** Which of the messages that are put together it belongs to, of all that its activation sends; from 1 on. */
  readonly ordinal: number;
  /** The partition that sends it, and how many there are. */
  readonly part: number;
  readonly of: number;
  /** The replicated handler, or timer, that sends it: its route says how to put it together. */
  readonly by: string;
}
