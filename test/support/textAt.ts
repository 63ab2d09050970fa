import type { Protocol } from "../../plugin/model/protocol.ts";
import type { Span } from "../../plugin/model/span.ts";

/** The source text at a span. */
export function textAt(protocol: Protocol, span: Span): string {
  return protocol.modules.find(({ file }) => file === span.file)?.text.slice(span.start, span.end) ?? "";
}
