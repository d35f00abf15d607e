import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A way to the API server that a test can break. */
export interface BreakableConnection {
  /** Path of a kubeconfig that leads through it. */
  readonly kubeconfig: string;
  /** Cuts everything that is open. */
  cut(): void;
  /** Lets no connection through until `restore`. */
  break(): void;
  restore(): void;
  close(): void;
}

export async function breakableConnection(kubeconfig: string): Promise<BreakableConnection> {
  const text = readFileSync(kubeconfig, 'utf8');
  const port = Number(/server: "?https:\/\/127\.0\.0\.1:(\d+)/.exec(text)?.[1]);
  const open = new Set<Socket>();
  let broken = false;
  const server = createServer(client => {
    if (broken) return void client.destroy();
    const upstream = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  const path = join(mkdtempSync(join(tmpdir(), 'slipway-connection-')), 'kubeconfig');
  writeFileSync(path, text.replace(`127.0.0.1:${port}`, `127.0.0.1:${own}`), { mode: 0o600 });
  const cut = (): void => {
    for (const socket of open) socket.destroy();
  };
  return {
    kubeconfig: path,
    cut,
    break() {
      broken = true;
      cut();
    },
    restore() {
      broken = false;
    },
    close() {
      cut();
      server.close();
    },
  };
}
