/** The sample that CRASHED_SAMPLE names, with clients that tell what they see. What the processes of a crash run import. */
import { pathToFileURL } from "node:url";
import { join } from "node:path";
import type { SystemDefinition } from "../../../runtime/system.ts";
import { tellEvent } from "./recordedEvent.ts";
import { withRecordingClients } from "./recordingClients.ts";

const path = join(import.meta.dirname, "../../../samples", process.env["CRASHED_SAMPLE"] ?? "", "run.ts");
const sample = (await import(pathToFileURL(path).href)) as { readonly default: SystemDefinition };

export default withRecordingClients(sample.default, tellEvent);
