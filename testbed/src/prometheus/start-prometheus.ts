import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../run/ports.ts';
import { toolPath } from '../tools.ts';

/** A real Prometheus, which stores its samples in a temporary folder. */
export interface RunningPrometheus {
  readonly address: string;
  stop(): Promise<void>;
}

export interface PrometheusOptions {
  /** `host:port` of a target that is scraped every second, at /metrics. */
  readonly targets: readonly string[];
  /** More of them, each group with labels of its own, as pods have. */
  readonly labelled?: readonly LabelledTargets[];
}

export interface LabelledTargets {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

const START_TIMEOUT = 20_000;
const LOOK_EVERY = 50;

/** Starts a Prometheus on a free port of this host. It ends with `stop`, or with this process. */
export async function startPrometheus({
  targets,
  labelled = [],
}: PrometheusOptions): Promise<RunningPrometheus> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const port = await freePort();
  const listen = `127.0.0.1:${port}`;
  // JSON is YAML too.
  await writeFile(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s' },
      scrape_configs: [{ job_name: 'shop', static_configs: [{ targets }, ...labelled] }],
    }),
  );
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, 'data')}`,
    `--web.listen-address=${listen}`,
    '--log.level=error',
  ];
  const child = spawn(await toolPath('prometheus'), args, { stdio: 'ignore', cwd: folder });
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const address = `http://${listen}`;
  await waitUntilReady(address);
  return {
    address,
    async stop() {
      process.off('exit', kill);
      kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function waitUntilReady(address: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT;
  while (!(await isReady(address))) {
    if (Date.now() > deadline) throw new Error(`Prometheus at ${address} did not become ready`);
    await sleep(LOOK_EVERY);
  }
}

async function isReady(address: string): Promise<boolean> {
  return await fetch(`${address}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
