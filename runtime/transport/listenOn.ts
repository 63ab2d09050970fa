import type { AddressInfo, Server } from "node:net";

/** Where processes of a run find each other: on one machine. */
export const HOST = "127.0.0.1";

/**
 * Has a server listen.
 *
 * @param port 0 for any that is free
 * @returns the port
 * @throws Error when the port is taken, or not ours to take.
 */
export function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      reject(explainListenError(error, port));
    });
    server.listen(port, HOST, () => {
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function explainListenError(error: NodeJS.ErrnoException, port: number): Error {
  const where = `${HOST}:${String(port)}`;
  switch (error.code) {
    case "EADDRINUSE":
      return new Error(
        `The port ${where} is in use. Stop what listens there, choose another base port, or leave it out to take free ports.`,
      );
    case "EACCES":
      return new Error(
        `The port ${where} is not ours to take: ports below 1024 need privileges. Choose another base port.`,
      );
    default:
      return new Error(`Cannot listen on ${where}: ${error.message}.`);
  }
}
