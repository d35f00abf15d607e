import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type RunningRegistry, toolPath } from '@slipway/testbed';

/** A registry that is not the testbed's own. */
export interface OtherRegistry {
  readonly registry: RunningRegistry;
  stop(): Promise<void>;
}

const POLL_MILLISECONDS = 20;

/** One that has the referrers API, which CNCF's distribution does not: go-containerregistry's, in memory. */
export async function startReferrersRegistry(): Promise<OtherRegistry> {
  const address = await freeAddress();
  const program = spawn(await toolPath('referrers-registry'), [address], { stdio: 'ignore' });
  await answering(address, program);
  return { registry: { address }, stop: () => stop(program) };
}

const USERNAME = 'testbed';
const PASSWORD = 'slipway-testbed-password';
/** bcrypt of PASSWORD: the one form that the registry reads, and Node cannot make it. */
const HTPASSWD = `${USERNAME}:$2a$06$ynTLf8Skx9vIVoSSQXv0J.EygSmGz8ybgkAh3a5LG4nwsaqn2vhKa\n`;

/** Docker's registry 2.8, the forerunner of CNCF's distribution 3. */
export async function startRegistry2(auth: 'none' | 'basic'): Promise<OtherRegistry> {
  const address = await freeAddress();
  const folder = mkdtempSync(join(tmpdir(), 'slipway-registry-2-'));
  const passwords = join(folder, 'htpasswd');
  writeFileSync(passwords, HTPASSWD);
  const config = join(folder, 'config.yml');
  const authentication = auth === 'none' ? '' : `auth: {htpasswd: {realm: test, path: ${passwords}}}\n`;
  writeFileSync(
    config,
    `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${join(folder, 'data')}}}
http: {addr: "${address}"}
${authentication}`,
  );
  const program = spawn(await toolPath('registry-2'), ['serve', config], { stdio: 'ignore' });
  await answering(address, program);
  return {
    registry: auth === 'none' ? { address } : { address, username: USERNAME, password: PASSWORD },
    async stop() {
      await stop(program);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freeAddress(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as { port: number };
  await new Promise(resolve => probe.close(resolve));
  return `127.0.0.1:${port}`;
}

/** 401 is an answer too. */
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
  while (!(await attempt())) {
    if (failure !== undefined) throw failure;
    await delay(POLL_MILLISECONDS);
  }
}

async function stop(program: ChildProcess): Promise<void> {
  const ended = once(program, 'exit');
  program.kill();
  await ended;
}
