import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../run/ports.ts';
import { toolPath } from '../tools.ts';

const run = promisify(execFile);

/** An access key; a session token only for one that ends. */
export interface AwsKey {
  readonly AWS_ACCESS_KEY_ID: string;
  readonly AWS_SECRET_ACCESS_KEY: string;
  readonly AWS_SESSION_TOKEN?: string;
}

/** moto, which plays the services of AWS: Secrets Manager, Parameter Store, KMS, STS and IAM among them. */
export interface RunningAws {
  readonly address: string;
  /** The account of everything in it. */
  readonly account: string;
  /** Runs AWS's own command line in eu-central-1. @returns what it prints, parsed @throws Error unless it succeeded */
  aws(args: readonly string[], key?: AwsKey): Promise<Readonly<Record<string, unknown>>>;
  /** The variables with which AWS's command line asks it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where AWS's command line is. */
  readonly folder: string;
  /** From now on signatures and policies are checked. @returns what ends that */
  checkRights(): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT = 60_000;
const LOOK_EVERY = 100;
/** moto's own for whoever does not say otherwise. */
const ACCOUNT = '123456789012';
const ANYONE: AwsKey = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'anyone' };

/** Starts moto on a free port of this host. It ends with `stop`, or with this process. */
export async function startAws(): Promise<RunningAws> {
  const server = await toolPath('moto_server');
  const [folder, port] = [dirname(server), await freePort()];
  const address = `http://127.0.0.1:${port}`;
  const python = { PATH: `${folder}:${process.env['PATH'] ?? ''}`, PYTHONPATH: dirname(folder) };
  const settings = { MOTO_IAM_LOAD_MANAGED_POLICIES: 'false', INITIAL_NO_AUTH_ACTION_COUNT: 'Infinity' };
  const child = spawn('python3', [server, '-H', '127.0.0.1', '-p', String(port)], {
    stdio: 'ignore',
    env: { ...python, ...settings },
  });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  await waitUntilReady(address);
  const environment = {
    ...python,
    AWS_DEFAULT_REGION: 'eu-central-1',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: address,
    HOME: '/nonexistent',
  };
  return {
    address,
    account: ACCOUNT,
    environment,
    folder,
    async aws(args, key = ANYONE) {
      const options = { env: { ...environment, ...key }, maxBuffer: 64 * 1024 * 1024 };
      const { stdout } = await run('python3', [join(folder, 'aws'), '--output', 'json', ...args], options);
      return stdout.trim() === '' ? {} : (JSON.parse(stdout) as Record<string, unknown>);
    },
    async checkRights() {
      await fetch(`${address}/moto-api/reset-auth`, { method: 'POST', body: '0' });
    },
    async stop() {
      process.off('exit', kill);
      kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function waitUntilReady(address: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isReady(address))) {
    if (Date.now() > deadline) throw new Error(`moto at ${address} did not become ready`);
    await sleep(LOOK_EVERY);
  }
}

async function isReady(address: string): Promise<boolean> {
  return await fetch(`${address}/moto-api/data.json`).then(
    ({ ok }) => ok,
    () => false,
  );
}
