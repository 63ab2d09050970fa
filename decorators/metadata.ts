/**
 * The metadata of a class, as standard decorators have it. Engines do not know `Symbol.metadata` yet, and what `tsc`
 * emits looks for it when a decorated class is evaluated, which is after this module.
 */

const known: unknown = Reflect.get(Symbol, "metadata");

/** `Symbol.metadata`, or what stands in for it everywhere: the registered symbol that esbuild and swc fall back to. */
export const metadataSymbol: symbol = typeof known === "symbol" ? known : Symbol.for("Symbol.metadata");
if (known === undefined) Object.defineProperty(Symbol, "metadata", { value: metadataSymbol, configurable: true });

/**
 * The metadata of the class that a decorated member belongs to.
 *
 * @throws TypeError when the class was compiled by something that does not support decorator metadata.
 */
export function metadataOf(context: { readonly metadata?: unknown }, caller: string): object {
  const { metadata } = context;
  if (typeof metadata === "object" && metadata !== null) return metadata;
  throw new TypeError(
    `${caller} needs decorator metadata, and what compiled this class gives none. ` +
      "Use tsx, esbuild, swc, or tsc 5.2 or later; or experimentalDecorators.",
  );
}
