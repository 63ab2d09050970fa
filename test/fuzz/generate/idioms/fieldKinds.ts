import { COLLECTIONS } from "./collections.ts";
import type { FieldKind } from "./fieldKind.ts";
import { LATTICES } from "./lattices.ts";
import { RECORDS } from "./records.ts";
import { SCALARS } from "./scalars.ts";

export const FIELD_KINDS: readonly FieldKind[] = [...COLLECTIONS, ...RECORDS, ...SCALARS, ...LATTICES];
