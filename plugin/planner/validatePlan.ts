/** What a plan asks for and cannot have, whatever the rules say. That its parts are well formed is checked where it is read. */
import { createFinding } from "../diagnostics/createFinding.ts";
import type { Finding } from "../diagnostics/finding.ts";
import { findRole, type Protocol, type Role } from "../model/protocol.ts";
import type { RequestedComponent } from "../model/requestedPlan.ts";

export function validateComponent(protocol: Protocol, role: Role, component: RequestedComponent): readonly Finding[] {
  const { name, nameSpan, by, into } = component;
  const findings: Finding[] = [];
  const className = role.name + name.charAt(0).toUpperCase() + name.slice(1);
  const taken = findRole(protocol, className);
  if (taken !== undefined) {
    findings.push(
      createFinding(
        "RVN458",
        `The class of component \`${name}\` would be \`${className}\`, which is a role.`,
        nameSpan,
        {
          related: [{ message: `\`${className}\` is declared here.`, span: taken.nameSpan }],
        },
      ),
    );
  }
  if (by !== undefined && into === undefined) {
    const message = `\`${name}\` has a key and no number of partitions, so it is not partitioned and the key says nothing.`;
    findings.push(createFinding("RVN455", message, by.span));
  }
  return findings;
}
