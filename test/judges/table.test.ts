/** The page of both judges says what the protocols say, and leaves nobody out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readFixtures } from "../support/judges.ts";
import { PAGE, readCaught, renderJudges } from "./renderJudges.ts";

const refused = readFixtures().filter(({ expectation }) => expectation.kind === "refused");

it("is made from the protocols, and from what was seen", () => {
  const page = readFileSync(join(process.cwd(), PAGE), "utf8");
  expect(page).toBe(renderJudges(refused, readCaught()));
});

it("shows every wrong rewrite caught, or says why no schedule can", () => {
  const caught = readCaught();
  const open = refused.filter(({ name, expectation }) => {
    const catches = caught[name];
    const isCaught = catches?.built === true && Object.values(catches.after).some((run) => run !== null);
    return !isCaught && expectation.kind === "refused" && expectation.notShown === undefined;
  });
  expect(open.map(({ name }) => name)).toEqual([]);
});
