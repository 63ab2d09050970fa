/** Messages that wait for an entry: what they wait for, and which forwards bring it. */
import type { OrderObstacle, Parking } from "../analysis/orderSensitivity/orderObstacle.ts";
import { isColumn, isRouteTerm, simplify, toKeyPart } from "../analysis/keys/keyTerms.ts";
import type { RoutingKey, Waiting } from "../model/component.ts";
import type { WriteEffect } from "../model/effect.ts";
import { findHandler } from "../model/protocol.ts";
import type { Term } from "../model/term.ts";
import type { Split } from "./split.ts";

export interface WaitingMessages {
  readonly parks: { readonly [handler: string]: Waiting };
  /** What a message cannot wait for: the runtime finds it by columns of messages, and hears of it by forwards. */
  readonly obstacles: readonly OrderObstacle[];
}

export function waitingOf(split: Split, parks: { readonly [handler: string]: Parking }): WaitingMessages {
  const found = Object.entries(parks).map(([handler, { field, key }]) => {
    const columns = columnsOf(key);
    const bringing = writesOf(split, field);
    const stray = bringing.find(
      ({ name, write }) => !isForward(split, name) || columnsOf(write.cell.keys[0]) === undefined,
    );
    const place = findHandler(split.receiver.role, handler)?.nameSpan ?? split.receiver.role.nameSpan;
    return { handler, field, columns, stray, place };
  });
  return {
    parks: Object.fromEntries(
      found.flatMap(({ handler, field, columns, stray }) =>
        columns === undefined || stray !== undefined ? [] : [[handler, { field, key: columns }] as const],
      ),
    ),
    obstacles: found.flatMap(({ handler, field, columns, stray, place }): readonly OrderObstacle[] => {
      if (columns !== undefined && stray === undefined) return [];
      const cell = { field, keys: [], aspect: "has" } as const;
      const [first] = writesOf(split, field);
      const other = stray ?? first;
      return [
        {
          kind: "edge-triggered",
          handler,
          span: place,
          cell,
          by: other?.name ?? handler,
          other: other?.write.span ?? place,
        },
      ];
    }),
  };
}

/** The entries for which messages may be waiting that this forward may create. */
export function wakesOf(
  split: Split,
  name: string,
  parks: { readonly [handler: string]: Waiting },
): readonly Waiting[] {
  const fields = [...new Set(Object.values(parks).map(({ field }) => field))];
  return fields.flatMap((field) =>
    writesOf(split, field)
      .filter((one) => one.name === name)
      .flatMap(({ write }): readonly Waiting[] => {
        const key = columnsOf(write.cell.keys[0]);
        return key === undefined ? [] : [{ field, key }];
      }),
  );
}

function writesOf(split: Split, field: string): readonly { readonly name: string; readonly write: WriteEffect }[] {
  return split.receiver.role.handlers.flatMap(({ name, body }) =>
    (body?.effects ?? []).flatMap((effect) =>
      effect.kind === "write" && effect.cell.field === field ? [{ name, write: effect }] : [],
    ),
  );
}

function isForward({ cuts }: Split, name: string): boolean {
  return cuts.some((cut) => cut.name === name);
}

function columnsOf(key: Term | undefined): RoutingKey | undefined {
  if (key === undefined) return undefined;
  const simple = simplify(key);
  return isColumn(simple) && isRouteTerm(simple) ? [toKeyPart(simple)] : undefined;
}
