import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StoreSurroundings } from '@slipway/secrets';
import type { AwsSettings } from '../src/clouds/aws/aws-settings.ts';
import { openAwsSession, parameterStore, secretsManager } from '../src/clouds/cloud-stores.ts';

export interface LocalServer {
  readonly address: string;
  stop(): Promise<void>;
}

const running = new Set<LocalServer>();

/** Also those of a test that failed before it stopped them. */
export async function stopServers(): Promise<void> {
  await Promise.all([...running].map(server => server.stop()));
}

export async function listen(answer: RequestListener): Promise<LocalServer> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const local = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      running.delete(local);
      server.closeAllConnections();
      server.close();
    },
  };
  running.add(local);
  return local;
}

/**
 * Passes everything on, and repeats the label that a parameter was asked for by, as AWS does and moto does not.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html
 */
export async function listenWithSelectors(address: string): Promise<LocalServer> {
  return await listen(async (incoming, response) => {
    const asked = Buffer.concat(await incoming.toArray());
    const { method = '', headers } = incoming;
    const outgoing = request(new URL(incoming.url ?? '/', address), { method, headers });
    outgoing.end(asked);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const text = Buffer.concat(await answer.toArray()).toString();
    response.writeHead(answer.statusCode ?? 0, { 'Content-Type': answer.headers['content-type'] ?? '' });
    const isParameters = headers['x-amz-target'] === 'AmazonSSM.GetParameters' && answer.statusCode === 200;
    response.end(isParameters ? withSelector(text, asked.toString()) : text);
  });
}

/** Parameters with a version or label are asked for one by one. */
function withSelector(text: string, asked: string): string {
  const { Names: names } = JSON.parse(asked) as { Names: string[] };
  const [, label] = names.length === 1 ? (names[0] ?? '').split(':') : [];
  const body = JSON.parse(text) as { Parameters: object[] };
  const Parameters = body.Parameters.map(one =>
    label === undefined ? one : { ...one, Selector: `:${label}` },
  );
  return JSON.stringify({ ...body, Parameters });
}

/** Passes everything on, and keeps what was asked for: the action of each request. */
export async function listenBefore(address: string): Promise<LocalServer & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = await listen((incoming, response) => {
    asked.push(String(incoming.headers['x-amz-target'] ?? 'STS'));
    const { method, headers } = incoming;
    const outgoing = request(new URL(incoming.url ?? '/', address), { method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  return { ...server, asked };
}

type Wanted = Partial<Pick<StoreSurroundings, 'environment' | 'exec' | 'idToken' | 'workspace'>> &
  Partial<Pick<AwsSettings, 'roles' | 'identity'>>;

/** Both stores of AWS at one address, with what they told and masked. */
export function awsStores(address: string, { roles = [], identity, ...wanted }: Wanted) {
  const [told, masked] = [[] as string[], [] as string[]];
  const tell = (message: string) => void told.push(message);
  const pauses: number[] = [];
  const session = openAwsSession(
    { roles, identity, endpoint: new URL(address) },
    {
      environment: {},
      workspace: '/nonexistent/workspace',
      exec: () => Promise.reject(new Error('no program is expected')),
      idToken: () => Promise.reject(new Error('no identity token is expected')),
      mask: secret => void masked.push(secret),
      logger: { info: tell, warning: tell },
      signal: AbortSignal.timeout(60_000),
      wait: async milliseconds => void pauses.push(milliseconds),
      ...wanted,
    },
  );
  return { secrets: secretsManager(session), parameters: parameterStore(session), told, masked, pauses };
}
