/** What Riven found in the roles of a protocol, for people. */
import type { Colours } from "../../diagnostics/renderText.ts";
import type { FieldDescription, HandlerDescription, RoleDescription } from "./describeRoles.ts";

export interface Detail {
  /** Every effect with its guard, instead of the footprint alone. */
  readonly effects: boolean;
}

export function renderRoles(roles: readonly RoleDescription[], detail: Detail, colours: Colours): string {
  return roles.map((role) => renderRole(role, detail, colours)).join("\n\n");
}

function renderRole(role: RoleDescription, detail: Detail, colours: Colours): string {
  const outside = role.external ? colours.dim(" (outside the system)") : "";
  return [
    `${colours.bold(role.name)}${outside}  ${colours.dim(role.place)}`,
    ...renderFields("state", role.state),
    ...renderFields("configuration", role.configuration),
    ...role.handlers.flatMap((handler) => renderHandler(handler, detail, colours)),
  ].join("\n");
}

function renderFields(title: string, fields: readonly FieldDescription[]): readonly string[] {
  return fields.map(({ name, is }, i) => entry(2, i === 0 ? title : "", `${name}: ${is}`));
}

function renderHandler(handler: HandlerDescription, detail: Detail, colours: Colours): readonly string[] {
  const footprint = [
    ...list("reads", handler.reads),
    ...list("writes", handler.writes),
    ...list("sends", handler.sends),
  ];
  return [
    `  ${colours.cyan(handler.signature)}`,
    ...(detail.effects ? list("effects", handler.effects) : footprint),
    ...list("may throw", handler.mayThrow),
    ...list("unclear", handler.notUnderstood),
  ];
}

function list(title: string, entries: readonly string[]): readonly string[] {
  return entries.map((text, i) => entry(4, i === 0 ? title : "", text));
}

const TITLE_WIDTH = 16;

function entry(indent: number, title: string, text: string): string {
  return `${" ".repeat(indent)}${title.padEnd(TITLE_WIDTH - indent)}${text}`;
}
