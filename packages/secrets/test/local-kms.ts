import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, request as send } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toolPath } from '@slipway/testbed';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';

/** AWS KMS in one region of one account. */
export interface LocalKms {
  /** Answers requests of clients. */
  readonly listener: RequestListener;
  /** The operations that were asked for. */
  readonly operations: string[];
  /** Calls an operation, and returns its answer. */
  call(operation: string, body: object): Promise<Readonly<Record<string, unknown>>>;
  stop(): Promise<void>;
}

/** Keys and ciphertexts are real; who asks is not checked, as AWS would. */
export async function startLocalKms(): Promise<LocalKms> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-kms-'));
  const port = await freePort();
  const env = { KMS_ACCOUNT_ID: ACCOUNT, KMS_REGION: REGION, KMS_DATA_PATH: folder, PORT: String(port) };
  const child = spawn(await toolPath('local-kms'), [], { env, stdio: 'ignore' });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  await answering(port);
  const operations: string[] = [];
  return {
    operations,
    listener(request, response) {
      operations.push(operationOf(request));
      const { method, headers } = request;
      const onward = send({ host: '127.0.0.1', port, method, headers, path: '/' }, answer => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      });
      request.pipe(onward);
    },
    async call(operation, body) {
      const headers = { 'X-Amz-Target': `TrentService.${operation}`, Authorization: 'local' };
      const answer = await fetch(`http://127.0.0.1:${port}/`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-amz-json-1.1', ...headers },
        body: JSON.stringify(body),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${text}`);
      return text === '' ? {} : JSON.parse(text);
    },
    async stop() {
      process.off('exit', kill);
      kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function operationOf({ headers }: IncomingMessage): string {
  return String(headers['x-amz-target']).replace('TrentService.', '');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function answering(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    await sleep(50);
  }
  throw new Error('local-kms does not answer');
}
