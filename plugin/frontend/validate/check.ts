import type { Node } from "ts-morph";
import type { OpenProject } from "../protocolFolder.ts";
import type { Report } from "../reporter.ts";
import type { Mutation } from "../syntax/mutations.ts";
import type { Origins } from "./origins.ts";
import type { RoleCode } from "./roleCode.ts";

/** What a check of the language looks at, and whom it tells. */
export interface Check {
  readonly open: OpenProject;
  readonly roles: readonly RoleCode[];
  /** The code of all roles: classes, and what they use of their modules; each once. */
  readonly units: readonly Node[];
  /** Variables and members that some function changes, and where. */
  readonly mutated: ReadonlyMap<Node, Mutation>;
  readonly origins: Origins;
  readonly report: Report;
}

/** One check, or a group of closely related ones. */
export type Validator = (check: Check) => void;
