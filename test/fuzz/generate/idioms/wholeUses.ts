import { local, say, type Use } from "./fieldKind.ts";

/** What looks at all entries of a collection: rarely right. */
export const WHOLE_USES: { readonly [kind: string]: readonly Use[] } = {
  counts: [
    (body, _, { name }) => (body.learn("number", `this.${name}.size`), []),
    (body, _, { name }) =>
      local(body, "sum", (sum) => {
        body.learn("number", sum);
        return [say(`let ${sum} = 0;`), say(`for (const count of this.${name}.values()) ${sum} += count;`)];
      }),
    (_, __, { name }) => [say(`for (const [key, count] of this.${name}) this.${name}.set(key, count + 1);`)],
    (_, __, { name }) => [say(`this.${name}.clear();`)],
    (_, __, { name }) => [say(`for (const [key, count] of this.${name}) if (count > 1) this.${name}.delete(key);`)],
  ],
  latest: [
    (body, _, { name }) => (body.learn("strings", `[...this.${name}.values()]`), []),
    (body, _, { name }) => (body.learn("strings", `[...this.${name}.values()].sort()`), []),
    (_, __, { name }) => [say(`this.${name}.clear();`)],
    (body, _, { name }) => (body.learn("number", `this.${name}.size`), []),
  ],
  marks: [(body, _, { name }) => (body.learn("number", `this.${name}.size`), [])],
  groups: [(_, __, { name }) => [say(`for (const group of this.${name}.values()) group.clear();`)]],
  entries: [
    (_, __, { name }) => [say(`for (const one of this.${name}.values()) one.open = false;`)],
    (_, __, { name }) => [say(`for (const [key, one] of this.${name}) if (!one.open) this.${name}.delete(key);`)],
  ],
};
