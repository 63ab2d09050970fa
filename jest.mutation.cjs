/** What Stryker runs for each mutant: plain data only, so nothing of what the other tests need to open TypeScript. */
const { moduleNameMapper, transform } = require("./jest.config.cjs");

/** @type {import('jest').Config} */
module.exports = {
  roots: ["<rootDir>/test/mutation"],
  testMatch: ["**/*.mutation.ts"],
  testEnvironment: "node",
  moduleNameMapper,
  transform,
};
