/** @type {import('jest').Config} */
module.exports = {
  roots: ["<rootDir>/test"],
  // One for each core: a run is mostly computation.
  maxWorkers: "100%",
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/test/fixtures/"],
  // ts-morph takes a second to evaluate; the environment loads it once per worker instead of once per test file.
  // It loads magic-string too, which is an ES module and so cannot be required from inside Jest's own module system.
  testEnvironment: "<rootDir>/test/support/environment.cjs",
  moduleNameMapper: {
    "^ts-morph$": "<rootDir>/test/support/tsMorph.cjs",
    "^magic-string$": "<rootDir>/test/support/magicString.cjs",
    "^fast-check$": "<rootDir>/test/support/fastCheck.cjs",
    "^riven$": "<rootDir>/decorators/index.ts",
    "^riven/runtime$": "<rootDir>/runtime/index.ts",
    "^riven/simulator$": "<rootDir>/runtime/simulator/index.ts",
    "^riven/linearizability$": "<rootDir>/runtime/linearizability/index.ts",
    "^riven/verify$": "<rootDir>/plugin/verify/index.ts",
    "^riven/compiler$": "<rootDir>/plugin/index.ts",
  },
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        sourceMaps: "inline",
        module: { type: "commonjs" },
        jsc: {
          target: "es2022",
          parser: { syntax: "typescript", decorators: true },
          transform: { decoratorVersion: "2022-03" },
        },
      },
    ],
  },
};
