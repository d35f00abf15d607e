import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/** A port that reports the first connection and never answers: a registry or a cluster up to the first request. */
export interface Doorbell {
  /** 127.0.0.1:PORT */
  readonly address: string;
  onRing(listener: () => void): void;
  close(): void;
}

export async function openDoorbell(): Promise<Doorbell> {
  let listener = (): void => {};
  const server = createServer(socket => {
    socket.on('error', () => {});
    listener();
  });
  await new Promise<void>(ready => server.listen(0, '127.0.0.1', ready));
  server.unref();
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    onRing(next) {
      listener = next;
    },
    close: () => void server.close(),
  };
}
