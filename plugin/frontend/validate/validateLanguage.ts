/** What the language does not allow, or what it allows and a rewrite cannot use. */
import type { Finding } from "../../diagnostics/finding.ts";
import type { OpenProject } from "../protocolFolder.ts";
import { Reporter } from "../reporter.ts";
import { mutatedDeclarations } from "../syntax/mutations.ts";
import { roleDeclarations } from "../syntax/roleDeclarations.ts";
import type { Check, Validator } from "./check.ts";
import { Origins } from "./origins.ts";
import { roleCode } from "./roleCode.ts";
import { validateAsync } from "./validateAsync.ts";
import { validateDecorators } from "./validateDecorators.ts";
import { validateDynamicAccess } from "./validateDynamicAccess.ts";
import { validateForget } from "./validateForget.ts";
import { validateHandlers } from "./validateHandlers.ts";
import { validateLattices } from "./validateLattices.ts";
import { validateMembers } from "./validateMembers.ts";
import { validateModuleState } from "./validateModuleState.ts";
import { validateOrder } from "./validateOrder.ts";
import { validateOutsideWorld } from "./validateOutsideWorld.ts";
import { validatePayloadMutation } from "./validatePayloadMutation.ts";
import { validatePromises } from "./validatePromises.ts";
import { validateReferences } from "./validateReferences.ts";
import { validateRoles } from "./validateRoles.ts";
import { validateThreshold } from "./validateThreshold.ts";
import { validateTimers } from "./validateTimers.ts";
import { validateTypes } from "./validateTypes.ts";
import { validateValues } from "./validateValues.ts";

const validators: readonly Validator[] = [
  validateTypes,
  validateRoles,
  validateDecorators,
  validateMembers,
  validateHandlers,
  validateTimers,
  validateForget,
  validatePromises,
  validateAsync,
  validateOutsideWorld,
  validateModuleState,
  validateDynamicAccess,
  validateValues,
  validateLattices,
  validateReferences,
  validatePayloadMutation,
  validateOrder,
  validateThreshold,
];

/**
 * Every finding about the language in the roles of a protocol, sorted by place. An error means that the class may not
 * behave as the runtime promises, or that an analysis of it would be void; a warning, that it runs but cannot be
 * rewritten; a hint, that something is probably not what was meant.
 */
export function validateLanguage(open: OpenProject): readonly Finding[] {
  const { report, findings } = new Reporter(open.root);
  const roles = roleDeclarations(open.sources).map(roleCode);
  const units = [...new Set(roles.filter(({ role }) => !role.external).flatMap((code) => code.units))];
  const files = new Set([...open.sources, ...units.map((unit) => unit.getSourceFile())]);
  const check: Check = {
    open,
    roles,
    units,
    mutated: mutatedDeclarations(files),
    origins: new Origins(roles, units),
    report,
  };
  for (const validate of validators) validate(check);
  return findings.toSorted(byPlace);
}

function byPlace(a: Finding, b: Finding): number {
  if (a.span.file !== b.span.file) return a.span.file < b.span.file ? -1 : 1;
  return a.span.start - b.span.start || a.span.end - b.span.end;
}
