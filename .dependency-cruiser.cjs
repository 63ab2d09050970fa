/** The forbidden imports: an arrow in the folders of this project only ever points down. */

const entryPoints = [
  "decorators/index.ts",
  "runtime/index.ts",
  "runtime/simulator/index.ts",
  "runtime/linearizability/index.ts",
  "plugin/verify/index.ts",
  "plugin/index.ts",
];
const exactly = (paths) => paths.map((path) => `^${path.replaceAll(".", "\\.")}$`);
const engine = ["^node_modules/(ts-morph|@ts-morph|typescript)/"];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Modules that need each other are one module in two files. Types may refer to each other.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "resolvable",
      comment: "An import that leads nowhere.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "decorators-import-nothing",
      comment: "What protocol authors import stays inert and tiny.",
      severity: "error",
      from: { path: "^decorators/" },
      to: { pathNot: "^decorators/" },
    },
    {
      name: "runtime-without-compiler",
      comment: "A protocol in production carries no compiler.",
      severity: "error",
      from: { path: "^runtime/" },
      to: { path: ["^(plugin|samples|test|bench|scripts)/", ...engine] },
    },
    {
      name: "model-is-plain-data",
      comment: "The model is what every stage shares, so it knows none of them.",
      severity: "error",
      from: { path: "^plugin/model/" },
      to: { pathNot: "^plugin/model/" },
    },
    {
      name: "rules-and-analysis-work-on-the-model",
      comment:
        "The frontend must be replaceable, and a rule must be readable without knowing how code is read or written.",
      severity: "error",
      from: { path: "^plugin/(rules|analysis)/" },
      to: { path: ["^plugin/(frontend|emit|cli|editor|bundler|verify)/", "^(runtime|samples|test|bench)/", ...engine] },
    },
    {
      name: "only-the-ends-know-syntax-trees",
      comment: "ts-morph may not follow the native compiler: it stays behind the frontend, emission and the editors.",
      severity: "error",
      from: { path: "^(plugin|samples|bench|scripts)/", pathNot: "^plugin/(frontend|emit|editor)/" },
      to: { path: engine },
    },
    {
      name: "nothing-imports-the-command-line",
      comment: "The command line is a door, not a room.",
      severity: "error",
      from: { pathNot: "^(plugin/cli|scripts|test)/" },
      to: { path: "^plugin/cli/" },
    },
    {
      name: "product-without-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    {
      name: "samples-use-the-package",
      comment: "A sample is what a user would write: it imports the package's entry points and its own files.",
      severity: "error",
      from: { path: "^samples/([^/]+)/" },
      to: { pathNot: ["^samples/$1/", ...exactly(entryPoints), "^[a-z_]+(/promises)?$"] },
    },
    {
      name: "samples-use-the-package-by-name",
      comment: 'A sample imports "riven", not a path into this repository.',
      severity: "error",
      from: { path: "^samples/" },
      to: { path: exactly(entryPoints), dependencyTypesNot: ["aliased"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^test/fixtures/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".js", ".mjs", ".cjs", ".d.ts"],
    },
  },
};
