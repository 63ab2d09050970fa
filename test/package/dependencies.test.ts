/** docs/dependencies.md names exactly what package.json names, with a reason each. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const packageJson = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  readonly dependencies: { readonly [name: string]: string };
  readonly devDependencies: { readonly [name: string]: string };
};
const [, needed = "", working = ""] = readFileSync(join(root, "docs", "dependencies.md"), "utf8").split(/^## /m);

/** The rows of the table in a section: the package in the first column, its reason in the last. */
function rows(section: string): readonly { readonly name: string; readonly why: string }[] {
  return [...section.matchAll(/^\| `([^`]+)` .*\| +(.*?) +\|$/gm)].map(([, name = "", why = ""]) => ({ name, why }));
}

test.each([
  ["dependencies", needed, packageJson.dependencies],
  ["devDependencies", working, packageJson.devDependencies],
])("%s are all listed, and nothing else is", (_, section, declared) => {
  expect(rows(section).map(({ name }) => name)).toEqual(Object.keys(declared).sort());
});

test("every dependency has a reason", () => {
  const unexplained = [...rows(needed), ...rows(working)].filter(({ why }) => why.length < 15);
  expect(unexplained).toEqual([]);
});

test("versions are exact", () => {
  const versions = Object.values({ ...packageJson.dependencies, ...packageJson.devDependencies });
  expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
