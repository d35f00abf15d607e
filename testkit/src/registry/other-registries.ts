import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RegistryAuth, type RunningRegistry, startTestbed, toolPath } from '@slipway/testbed';
import { createAuthority, type KeyPair } from '@slipway/testbed/certificates';
import { TOKEN_ISSUER, tokenServer } from '@slipway/testbed/token-server';

/** A registry that is not the testbed's own. */
export interface OtherRegistry {
  readonly registry: RunningRegistry;
  stop(): Promise<void>;
}

const POLL_MILLISECONDS = 20;

/** One that has the referrers API, which CNCF's distribution does not: go-containerregistry's, in memory. */
export async function startReferrersRegistry(): Promise<OtherRegistry> {
  const path = await toolPath('referrers-registry');
  const { address, program } = await startAtFreeAddress(free => spawn(path, [free], { stdio: 'ignore' }));
  return { registry: { address }, stop: () => stop(program) };
}

const USERNAME = 'testbed';
const PASSWORD = 'slipway-testbed-password';
/** bcrypt of PASSWORD: the one form that the registry reads, and Node cannot make it. */
const HTPASSWD = `${USERNAME}:$2a$06$ynTLf8Skx9vIVoSSQXv0J.EygSmGz8ybgkAh3a5LG4nwsaqn2vhKa\n`;

/** The kinds of registry that the client is tried on, and how each may want to know who asks. */
export const REGISTRY_KINDS = ['distribution 3', "Docker's registry 2.8"] as const;
export type RegistryKind = (typeof REGISTRY_KINDS)[number];

export async function startRegistry(kind: RegistryKind, auth: RegistryAuth): Promise<OtherRegistry> {
  if (kind !== 'distribution 3') return await startRegistry2(auth);
  const testbed = await startTestbed({ parts: ['registry'], registryAuth: auth });
  return { registry: testbed.registry ?? { address: '' }, stop: () => testbed.stop() };
}

interface Authentication {
  /** The section of the registry's configuration. */
  readonly config: string;
  stop(): void;
}

/** Docker's registry 2.8, the forerunner of CNCF's distribution 3; over HTTPS where a certificate is given. */
export async function startRegistry2(auth: RegistryAuth, tls?: KeyPair): Promise<OtherRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-registry-2-'));
  const authentication = await authenticationOf(auth, folder);
  const config = join(folder, 'config.yml');
  const path = await toolPath('registry-2');
  const serve = (address: string): ChildProcess => {
    writeFileSync(config, configOf(address, folder, authentication, tls));
    return spawn(path, ['serve', config], { stdio: 'ignore' });
  };
  const { address, program } = await startAtFreeAddress(serve);
  return {
    registry: auth === 'none' ? { address } : { address, username: USERNAME, password: PASSWORD },
    async stop() {
      await stop(program);
      authentication.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function configOf(
  address: string,
  folder: string,
  authentication: Authentication,
  tls: KeyPair | undefined,
): string {
  return `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${join(folder, 'data')}}}
http: {addr: "${address}"${tls === undefined ? '' : `, tls: ${writeCertificate(folder, tls)}`}}
${authentication.config}`;
}

function writeCertificate(folder: string, { certificate, key }: KeyPair): string {
  writeFileSync(join(folder, 'tls.crt'), certificate);
  writeFileSync(join(folder, 'tls.key'), key);
  return `{certificate: ${join(folder, 'tls.crt')}, key: ${join(folder, 'tls.key')}}`;
}

async function authenticationOf(auth: RegistryAuth, folder: string): Promise<Authentication> {
  if (auth === 'none') return { config: '', stop() {} };
  if (auth === 'token') return await startTokenServer(folder);
  const passwords = join(folder, 'htpasswd');
  writeFileSync(passwords, HTPASSWD);
  return { config: `auth: {htpasswd: {realm: test, path: ${passwords}}}\n`, stop() {} };
}

async function startTokenServer(folder: string): Promise<Authentication> {
  const now = () => new Date();
  const { certificate, key } = await createAuthority('token signer', now);
  const server = tokenServer({ port: 0, certificate, key, username: USERNAME, password: PASSWORD }, now);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const bundle = join(folder, 'token.crt');
  writeFileSync(bundle, certificate);
  const token = `{realm: "http://127.0.0.1:${port}/token", service: test, issuer: ${TOKEN_ISSUER}, rootcertbundle: ${bundle}}`;
  return {
    config: `auth: {token: ${token}}\n`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** How often another program may take the port in the moment between finding it free and listening at it. */
const ATTEMPTS = 10;

/** Neither program says which port it chose if it is given 0, so it is given one that was free, and another if it ends. */
async function startAtFreeAddress(
  start: (address: string) => ChildProcess,
): Promise<{ readonly address: string; readonly program: ChildProcess }> {
  for (let attempt = 1; ; attempt++) {
    const address = await freeAddress();
    const program = start(address);
    try {
      await answering(address, program);
      return { address, program };
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

async function freeAddress(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise(resolve => probe.close(resolve));
  return `127.0.0.1:${port}`;
}

/** 401 is an answer too, and so is a refusal to speak plain HTTP. An answer of another program that took the port counts for nothing. */
async function answering(address: string, program: ChildProcess): Promise<void> {
  let failure: Error | undefined;
  program.once('error', error => {
    failure = error;
  });
  program.once('exit', code => {
    failure ??= new Error(`the registry ended with ${code}`);
  });
  const attempt = () =>
    fetch(`http://${address}/v2/`).then(
      () => true,
      () => false,
    );
  for (;;) {
    const isAnswered = await attempt();
    if (failure !== undefined) throw failure;
    if (isAnswered) return;
    await delay(POLL_MILLISECONDS);
  }
}

async function stop(program: ChildProcess): Promise<void> {
  const ended = once(program, 'exit');
  program.kill();
  await ended;
}
