import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createAuthority } from '../run/pki.ts';
import { toolPath } from '../tools.ts';

/** A real Vault with its storage in memory: initialised and unsealed, without engines and login methods. */
export interface RunningVault {
  readonly address: string;
  readonly rootToken: string;
  /** The certificate authority that clients must trust, in PEM; empty without TLS. */
  readonly certificateAuthority: string;
  /** Sends a request with the root token. @returns the body of the answer @throws Error unless it succeeded */
  request(
    method: 'GET' | 'POST' | 'PUT' | 'LIST' | 'DELETE',
    path: string,
    body?: object,
  ): Promise<VaultBody>;
  seal(): Promise<void>;
  unseal(): Promise<void>;
  stop(): Promise<void>;
}

interface VaultBody {
  readonly data?: Readonly<Record<string, unknown>>;
  readonly auth?: { readonly client_token: string };
}

interface VaultOptions {
  /** Uses TLS, with a certificate from a new authority. */
  readonly tls?: boolean;
}

/** Starts a Vault on a free port of this host. It ends with `stop`, or with this process. */
export async function startVault({ tls = false }: VaultOptions = {}): Promise<RunningVault> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-vault-'));
  const certificates = tls ? await writeCertificates(folder) : { args: [], authority: '' };
  const child = spawn(await toolPath('vault'), certificates.args, { stdio: ['ignore', 'pipe', 'ignore'] });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const { address, token, unsealKey } = JSON.parse(line) as Record<'address' | 'token' | 'unsealKey', string>;
  const request = requester({ address, token, authority: certificates.authority });
  return {
    address,
    rootToken: token,
    certificateAuthority: certificates.authority,
    request,
    seal: async () => void (await request('PUT', 'sys/seal')),
    unseal: async () => void (await request('PUT', 'sys/unseal', { key: unsealKey })),
    async stop() {
      process.off('exit', kill);
      kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function writeCertificates(folder: string) {
  const authority = await createAuthority('vault', () => new Date());
  const { certificate, key } = await authority.server(['127.0.0.1']);
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  await writeFile(files.certificate, certificate);
  await writeFile(files.key, key, { mode: 0o600 });
  return { args: ['-certificate', files.certificate, '-key', files.key], authority: authority.certificate };
}

interface Access {
  readonly address: string;
  readonly token: string;
  readonly authority: string;
}

function requester({ address, token, authority }: Access): RunningVault['request'] {
  return async (method, path, body) => {
    const { request } = await import(address.startsWith('https:') ? 'node:https' : 'node:http');
    const outgoing = request(`${address}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': token },
      ...(authority === '' ? {} : { ca: authority }),
    });
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(outgoing, 'response');
    const text = (await response.toArray()).join('');
    if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as VaultBody);
  };
}
