#!/usr/bin/env node
import { createRequire } from "node:module";
import { isatty } from "node:tty";
import { importWithTsx } from "./importWithTsx.ts";
import { main } from "./main.ts";

const { version } = createRequire(import.meta.url)("riven/package.json") as { readonly version: string };

/** In the repository this file is TypeScript, run by tsx; in the package it is JavaScript, run by Node. */
const underTsx = import.meta.url.endsWith(".ts");

process.exitCode = await main(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  cwd: process.cwd(),
  colour: isatty(1) && process.env["NO_COLOR"] === undefined,
  watched: isatty(2),
  columns: isatty(1) ? process.stdout.columns : undefined,
  version,
  importModule: (file) => importWithTsx(file, underTsx),
});
