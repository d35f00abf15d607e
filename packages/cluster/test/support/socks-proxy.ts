import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

const NAME = 3;
const SUCCEEDED = 0;

/** A SOCKS 5 proxy (RFC 1928) without a login, whose connections all lead to one port of this machine, whatever is asked for. */
export async function startSocksProxy(port: number) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(client => void serve(client));
  const serve = async (client: Socket): Promise<void> => {
    sockets.add(client.on('error', () => {}));
    await once(client, 'data');
    client.write(Uint8Array.of(5, 0));
    const [request] = (await once(client, 'data')) as [Buffer];
    const length = request[4] ?? 0;
    // An address as it is, of four bytes, or a name with its length before it.
    asked.push(
      request[3] === NAME
        ? `${request.subarray(5, 5 + length)}:${request.readUInt16BE(5 + length)}`
        : `${[...request.subarray(4, 8)].join('.')}:${request.readUInt16BE(8)}`,
    );
    const tunnel = connect(port, '127.0.0.1');
    sockets.add(tunnel.on('error', () => {}));
    await once(tunnel, 'connect');
    client.write(Uint8Array.of(5, SUCCEEDED, 0, 1, 0, 0, 0, 0, 0, 0));
    client.pipe(tunnel).pipe(client);
  };
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `socks5://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
