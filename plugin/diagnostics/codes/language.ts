import { durabilityCodes } from "./language/durability.ts";
import { handlerCodes } from "./language/handlers.ts";
import { latticeCodes } from "./language/lattices.ts";
import { outsideCodes } from "./language/outside.ts";
import { roleCodes } from "./language/roles.ts";
import { valueCodes } from "./language/values.ts";

/** RVN1xx: what the language does not allow, or the analysis does not understand. */
export const languageCodes = {
  ...outsideCodes,
  ...roleCodes,
  ...handlerCodes,
  ...valueCodes,
  ...durabilityCodes,
  ...latticeCodes,
} as const;
