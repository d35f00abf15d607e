import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { StartContext } from './context.ts';
import { IMAGES, inContainer } from './docker.ts';
import { createAuthority } from './pki.ts';
import { freePort, withFreePorts } from './ports.ts';
import type { SupervisedProcess } from './supervision.ts';
import { TOKEN_ISSUER, type TokenServerConfig } from './token-server.ts';

export type RegistryAuth = 'none' | 'basic' | 'token';

/** A running registry. */
export interface RunningRegistry {
  /** 127.0.0.1:PORT; plain HTTP. */
  readonly address: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A folder with a config.json for DOCKER_CONFIG, if the registry asks for a login. */
  readonly dockerConfig?: string | undefined;
}

const USERNAME = 'testbed';
const PASSWORD = 'slipway-testbed-password';
/** bcrypt of PASSWORD: the registry reads no other form, and Node cannot compute it. */
const HTPASSWD = `${USERNAME}:$2a$06$ynTLf8Skx9vIVoSSQXv0J.EygSmGz8ybgkAh3a5LG4nwsaqn2vhKa\n`;
const TOKEN_SERVER = fileURLToPath(new URL('./token-server.ts', import.meta.url));
const POLL_MILLISECONDS = 50;

/** Starts a registry that serves plain HTTP on this host, and with `token` the server that issues its tokens. */
export async function startRegistry(auth: RegistryAuth, context: StartContext): Promise<RunningRegistry> {
  const { folder, supervision, signal } = context;
  await mkdir(join(folder, 'registry'), { recursive: true });
  const authentication = await AUTHENTICATIONS[auth](join(folder, 'registry'), context);
  const address = await withFreePorts(async () => {
    const listen = `127.0.0.1:${await freePort()}`;
    const config = join(folder, 'registry', 'config.yml');
    await writeFile(config, registryConfig(join(folder, 'registry', 'data'), listen, authentication));
    supervision.start(registryProcess(config, context));
    // A registry that asks for a login answers 401.
    await supervision.until('registry', async ended => {
      await waitForHttp(`http://${listen}/v2/`, AbortSignal.any([signal, ended]));
    });
    return listen;
  });
  if (auth === 'none') return { address };
  return {
    address,
    username: USERNAME,
    password: PASSWORD,
    dockerConfig: await writeDockerConfig(folder, address),
  };
}

function registryProcess(config: string, { folder, locate, docker }: StartContext): SupervisedProcess {
  const process = {
    name: 'registry',
    command: locate('registry'),
    args: ['serve', config],
    // It would send traces to a collector on this host, and log each failure.
    environment: { OTEL_TRACES_EXPORTER: 'none' },
  };
  if (docker === undefined) return process;
  const { uid, gid } = userInfo();
  // It runs as this user, who must be able to remove the data.
  return inContainer(process, { docker, image: IMAGES.registry, folder, options: [`--user=${uid}:${gid}`] });
}

function registryConfig(data: string, listen: string, authentication: string): string {
  return `version: 0.1
log: {level: warn, accesslog: {disabled: false}}
storage:
  filesystem: {rootdirectory: ${data}}
  delete: {enabled: true}
  cache: {blobdescriptor: inmemory}
http: {addr: "${listen}"}
${authentication}`;
}

type Authentication = (folder: string, context: StartContext) => Promise<string>;

/** The auth section of the registry's configuration, and the server that it needs. */
const AUTHENTICATIONS: Readonly<Record<RegistryAuth, Authentication>> = {
  none: async () => '',
  async basic(folder) {
    const path = join(folder, 'htpasswd');
    await writeFile(path, HTPASSWD, { mode: 0o600 });
    return `auth: {htpasswd: {realm: testbed, path: ${path}}}\n`;
  },
  async token(folder, context) {
    const signer = await createAuthority('testbed token signer', context.now);
    const certificate = join(folder, 'token.crt');
    await writeFile(certificate, signer.certificate);
    const identity = {
      certificate: signer.certificate,
      key: signer.key,
      username: USERNAME,
      password: PASSWORD,
    };
    const port = await startTokenServer(folder, identity, context);
    // Not 127.0.0.1: clients such as crane refuse a realm that is a loopback address and not the registry itself.
    const realm = `http://localhost:${port}/token`;
    return `auth: {token: {realm: "${realm}", service: testbed, issuer: ${TOKEN_ISSUER}, rootcertbundle: ${certificate}}}\n`;
  },
};

async function startTokenServer(
  folder: string,
  identity: Omit<TokenServerConfig, 'port'>,
  { supervision, signal }: StartContext,
): Promise<number> {
  const path = join(folder, 'token-server.json');
  return await withFreePorts(async () => {
    const port = await freePort();
    await writeFile(path, JSON.stringify({ port, ...identity }), { mode: 0o600 });
    const args = ['--conditions=slipway-source', TOKEN_SERVER, path];
    supervision.start({ name: 'token-server', command: process.execPath, args });
    await supervision.until('token-server', async ended => {
      await waitForHttp(`http://127.0.0.1:${port}/`, AbortSignal.any([signal, ended]));
    });
    return port;
  });
}

async function waitForHttp(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answers = await fetch(url, { signal }).then(
      async answer => {
        await answer.body?.cancel();
        return true;
      },
      () => false,
    );
    if (answers) return;
    await sleep(POLL_MILLISECONDS, undefined, { signal });
  }
}

async function writeDockerConfig(folder: string, address: string): Promise<string> {
  const path = join(folder, 'docker');
  await mkdir(path, { recursive: true });
  const auth = Buffer.from(`${USERNAME}:${PASSWORD}`).toString('base64');
  await writeFile(join(path, 'config.json'), JSON.stringify({ auths: { [address]: { auth } } }), {
    mode: 0o600,
  });
  return path;
}
