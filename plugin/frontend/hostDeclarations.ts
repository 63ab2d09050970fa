/**
 * As much of Node's globals and modules as protocols are found to misuse: enough for the in-memory projects of tests to
 * type-check, and two hundred times less to parse than @types/node.
 */
export const hostDeclarations = `
declare class TextEncoder { encode(text: string): Uint8Array }
declare class TextDecoder { decode(bytes: Uint8Array): string }
declare var console: { log(...data: unknown[]): void; error(...data: unknown[]): void; warn(...data: unknown[]): void };
declare var performance: { now(): number };
declare var process: {
  env: Record<string, string | undefined>; pid: number; argv: string[];
  exit(code?: number): never; hrtime: { bigint(): bigint }; nextTick(f: () => void): void; stdout: { write(text: string): boolean };
};
declare var crypto: { randomUUID(): string; getRandomValues<T extends Uint8Array>(array: T): T };
declare function setTimeout(f: () => void, milliseconds?: number): { unref(): void };
declare function setInterval(f: () => void, milliseconds?: number): { unref(): void };
declare function setImmediate(f: () => void): { unref(): void };
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(f: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function fetch(url: string): Promise<{ text(): Promise<string> }>;
declare module "node:fs" {
  export function readFileSync(path: string, encoding: string): string;
  export function writeFileSync(path: string, text: string): void;
}
declare module "node:net" { export function connect(port: number): { write(text: string): boolean } }
declare module "net" { export * from "node:net" }
declare module "node:crypto" {
  export function randomUUID(): string;
  export function randomBytes(size: number): Uint8Array;
  export function createHash(name: string): { update(text: string): { digest(encoding: "hex"): string } };
}
declare module "node:os" { export function hostname(): string }
`;
