/** One cold build, in a process of its own: tells its parent how long loading the compiler and each pass took. */
const started = performance.now();
const { compile } = await import("../../plugin/index.ts");
const passes: { [pass: string]: number } = { "load the compiler": performance.now() - started };
const folder = process.argv[2];
if (folder === undefined) throw new Error("The folder of a protocol is missing.");
const { findings } = compile(folder, {
  trace: (pass, _made, milliseconds) => {
    passes[pass] = milliseconds;
  },
});
if (findings.some(({ severity }) => severity === "error")) throw new Error(`${folder} does not build.`);
process.send?.({ total: performance.now() - started, passes });
