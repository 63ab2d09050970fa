/** The two halves of a split: the code that each component would have, and what is wrong with them whatever the rule. */
import { forwardName, freshName } from "../analysis/freshNames.ts";
import { inferCuts } from "../analysis/inferCuts.ts";
import { projectComponent } from "../analysis/projectComponent.ts";
import type { Finding } from "../diagnostics/finding.ts";
import type { SendEffect } from "../model/effect.ts";
import { findHandler } from "../model/protocol.ts";
import { refuseCut } from "./refusals/cutRefusals.ts";
import { refuseAskingBack, refuseDependentHalves } from "./refusals/dependentHalves.ts";
import { refuseDurableApart } from "./refusals/durableApart.ts";
import { refuseFifoApart, refuseOrderedParts } from "./refusals/fifoApart.ts";
import { refuseDarkHalves } from "./refusals/notUnderstoodApart.ts";
import { refuseDirections, refuseTriggers } from "./refusals/splitRefusals.ts";
import { refuseThrows } from "./refusals/throwsApart.ts";
import { statefulParts, type Decoupling, type MovedPart, type Part } from "./rule.ts";
import type { Half, Split, SplitCut } from "./split.ts";

export type Prepared = { readonly split: Split } | { readonly refusals: readonly Finding[] };

/** Effects on state of the new component leave the handlers of the others. */
export function prepareForwards(step: Decoupling): Prepared {
  const parts = statefulParts(step);
  const asking = refuseAskingBack(step);
  if (asking.length > 0) return { refusals: asking };
  const found = cutOut(step, parts, step.owned);
  if ("refusals" in found) return found;
  const { cuts } = found;
  const senders = step.others.map((other): Half => ({
    component: other.name,
    role: projectComponent(step.role, { ...other, left: [...other.left, ...cuts] }),
  }));
  const receiver = {
    component: step.component,
    role: projectComponent(step.role, { handlers: handlersOf(step), left: step.left, forwarded: cuts }),
  };
  return judged(step, { cuts, senders, receiver });
}

/** Effects on state of another component leave the handlers of the new one. */
export function prepareReturns(step: Decoupling, to: Part): Prepared {
  const staying = step.role.fields.map(({ name }) => name).filter((name) => !step.owned.includes(name));
  const timers = step.role.fields.flatMap(({ name, is }) =>
    is.kind === "timers" ? is.names.map((timer) => `${name}.${timer}`) : [],
  );
  const found = cutOut(step, step.returned, [...staying, ...timers.filter((name) => !step.owned.includes(name))]);
  if ("refusals" in found) return found;
  const { cuts } = found;
  const sender = {
    component: step.component,
    role: projectComponent(step.role, {
      handlers: handlersOf(step),
      left: [...step.left, ...cuts],
      forwarded: [],
    }),
  };
  const receiver = {
    component: to.name,
    role: projectComponent(step.role, { ...to, forwarded: [...to.forwarded, ...cuts] }),
  };
  return judged(step, { cuts, senders: [sender], receiver });
}

function handlersOf({ handlers }: Decoupling): readonly string[] {
  return handlers.map(({ handler }) => handler);
}

function judged(step: Decoupling, split: Split): Prepared {
  const refusals = [
    ...refuseDirections(step),
    ...refuseTriggers(step, split),
    ...refuseDarkHalves(step, split),
    ...refuseDependentHalves(step, split),
    ...refuseThrows(step, split),
    ...refuseDurableApart(step, split),
    ...step.others.flatMap((other) => refuseFifoApart(step, other)),
    ...split.cuts.flatMap(({ part }) => {
      const handler = findHandler(step.role, part.handler);
      return handler === undefined ? [] : refuseOrderedParts(step, part, handler);
    }),
  ];
  return refusals.length > 0 ? { refusals } : { split };
}

function cutOut(
  step: Decoupling,
  parts: readonly MovedPart[],
  owned: readonly string[],
): { readonly cuts: readonly SplitCut[] } | { readonly refusals: readonly Finding[] } {
  const { protocol, role } = step;
  const found = parts.flatMap((part) => {
    const handler = findHandler(role, part.handler);
    return handler === undefined ? [] : [{ part, handler, ...inferCuts(protocol, role, handler, part.effects, owned) }];
  });
  const refusals = found.flatMap(({ part, refused }) => refused.map((one) => refuseCut(step, part, one)));
  if (refusals.length > 0) return { refusals };
  const taken = new Set([...role.handlers, ...role.members, ...role.fields].map(({ name }) => name));
  const cuts = found.flatMap(({ part, handler, cuts: own }) =>
    own.map((cut): SplitCut => {
      const sends = (handler.body?.effects ?? []).filter(
        (effect): effect is SendEffect => effect.kind === "send" && cut.effects.includes(effect.id),
      );
      const name = freshName(
        forwardName(
          handler.name,
          sends.map(({ message }) => message),
        ),
        taken,
      );
      taken.add(name);
      return { name, handler: handler.name, cut, part, whole: cut.whole };
    }),
  );
  return { cuts };
}
