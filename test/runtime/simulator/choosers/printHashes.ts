/** Prints the digests as another process has them: with other things in memory, and in the opposite order. */
import { hashesOf } from "./hashesOf.ts";

const ballast = Array.from({ length: 100_000 }, (_, i) => ({ [`key${i % 97}`]: i }));
const digests = [...(await hashesOf("backwards"))].reverse();
process.stdout.write(JSON.stringify(ballast.length > 0 ? digests : []));
