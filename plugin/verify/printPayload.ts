/** It is the runtime that prints payloads. */
export { printPayload } from "../../runtime/codec/printPayload.ts";
