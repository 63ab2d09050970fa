/**
 * What a host says of coordination, to whoever runs it. A run, of processes or simulated, goes like this:
 *
 * 1. `host.repeats` first, of coordinators: each is {@link HostCoordination.repeat}ed, an activation that forwards the
 *    commit of a round of an earlier life to all partitions. It belongs to the protocol's activation of that round.
 * 2. Then the start handlers, unless {@link HostCoordination.isStopped}: then when it is so no longer. A coordinator of
 *    durable state has one of the runtime's (`#release …`), which belongs to no activation of the protocol: partitions
 *    start stopped, and wait for it. Timers do not fire while the host is stopped: a repeated one may skip that, a one-shot
 *    one fires later.
 * 3. What arrives goes through `channels.accept`, and what that gives through `deliver`; what `channels.takeWoken` gives
 *    after each of these is delivered before anything else. A stopped host keeps everything else (`channels.stopped`).
 *
 * All of prepare, vote and commit are internal forwards of the activation whose message or timer came to the coordinator,
 * and each carries its `round`.
 */
export interface HostCoordination {
  /** Whether it handles nothing but what its coordinator says. */
  readonly isStopped: boolean;
  /** Of a coordinator: the rounds of earlier lives that partitions may have to hear of again, in order. */
  readonly repeats: readonly number[];
  /** Has a coordinator repeat one of {@link repeats}. One activation. */
  repeat(round: number): void;
  /**
   * Of a coordinator: how many rounds have been decided, in all lives. When it has grown by an activation, that activation
   * has decided the round of this number, and written that down if the component has durable state.
   */
  readonly decided: number;
}
