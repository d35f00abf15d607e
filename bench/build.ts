/**
 * What build-retag adds to the builder's own time: three services whose steps are all cached, built again, and not built since
 * nothing changed. README.md says how to run it; bench/results/ keeps the table.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createRegistryClient, pushVerdict, readSnapshot } from '@slipway/registry';
import { pushBaseImages, startTestbed } from '@slipway/testbed';
import { createJob, runStep } from '@slipway/testbed/runner';
import { median } from './stopwatch.ts';

const ROUNDS = 9;
const ACTION = resolve(import.meta.dirname, '../actions/build-retag');
const SERVICES = ['api', 'web', 'worker'];

const testbed = await startTestbed({ parts: ['registry', 'buildkit'] });
const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const times = join(directory, 'times');
try {
  const registry = testbed.registry ?? { address: '' };
  const { base } = await pushBaseImages(registry);
  const home = { registry: `${registry.address}/shop`, application: 'shop' };
  const workspace = writeWorkspace(base.name, home.registry);
  const job = createJob({
    workspace,
    directory,
    path: `${writeShim(testbed.buildkit?.buildctl ?? '')}:/usr/bin:/bin`,
    environment: { BUILDKIT_HOST: testbed.buildkit?.address ?? '' },
  });
  const run = async (tag: string, rebuild: string) => {
    writeFileSync(times, '');
    const result = await runStep(job, { action: ACTION, inputs: { 'deployment-tag': tag, rebuild } });
    if (result.exitCode !== 0) throw new Error(result.log);
    return { whole: result.milliseconds, builder: builderTime() };
  };
  await run('first', 'always');
  await pass('first');
  const measured = {
    always: [] as Awaited<ReturnType<typeof run>>[],
    auto: [] as Awaited<ReturnType<typeof run>>[],
  };
  for (let round = 0; round <= ROUNDS; round++)
    for (const rebuild of ['always', 'auto'] as const) {
      const one = await run(`${rebuild}-${round}`, rebuild);
      if (round > 0) measured[rebuild].push(one);
    }
  console.log('| three services | whole step, ms | of it builder, ms | Slipway, ms |\n|---|---|---|---|');
  for (const [rebuild, rounds] of Object.entries(measured)) {
    const figure = (of: (one: (typeof rounds)[number]) => number) => median(rounds.map(of)).toFixed(0);
    const what =
      rebuild === 'always' ? 'built, every step cached' : 'not built, nothing changed since one passed';
    const own = figure(({ whole, builder }) => whole - builder);
    console.log(
      `| ${what} | ${figure(({ whole }) => whole)} | ${figure(({ builder }) => builder)} | ${own} |`,
    );
  }
  console.log(
    `\nMedians of ${ROUNDS}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}).`,
  );

  async function pass(deploymentTag: string): Promise<void> {
    const client = createRegistryClient();
    const now = new Date().toISOString();
    await pushVerdict(client, await readSnapshot(client, home, deploymentTag), {
      apiVersion: 'slipway.dev/v1',
      kind: 'Verdict',
      verdict: 'succeeded',
      application: 'shop',
      formation: 'staging',
      destination: 'main',
      namespace: 'shop',
      deploymentTag,
      started: now,
      finished: now,
      summary: 'Everything is ready.',
      objects: [],
    });
  }
} finally {
  await testbed.stop();
  rmSync(directory, { recursive: true, force: true });
}

function writeWorkspace(base: string, registry: string): string {
  const workspace = join(directory, 'workspace');
  const write = (file: string, text: string): void => {
    mkdirSync(join(workspace, file, '..'), { recursive: true });
    writeFileSync(join(workspace, file), text);
  };
  const services = SERVICES.map(service => `    ${service}: {build: {context: ${service}}}\n`).join('');
  write(
    'slipway.yaml',
    `apiVersion: slipway.dev/v1\nkind: Application\nmetadata: {name: shop}\nspec:\n  registry: ${registry}\n  services:\n${services}`,
  );
  write(
    'formations/staging.yaml',
    'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec: {destinations: {main: {namespace: shop}}}\n',
  );
  write(
    'stencils/api.yaml',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: api}\ndata: {image: "${image.api}"}\n',
  );
  for (const service of SERVICES) {
    write(`${service}/Dockerfile`, `FROM ${base}\nCOPY app.txt /\nRUN cat /app.txt\n`);
    write(`${service}/app.txt`, `${service}\n`);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', workspace, '-c', 'user.name=b', '-c', 'user.email=b@b', ...args]);
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'the application');
  return workspace;
}

/** A `buildctl` that notes when it began and ended. */
function writeShim(buildctl: string): string {
  const folder = join(directory, 'bin');
  mkdirSync(folder);
  const shim = join(folder, 'buildctl');
  const lines = [
    '#!/bin/sh',
    'began=$(date +%s%N)',
    `${buildctl} "$@"`,
    'code=$?',
    `echo "$began $(date +%s%N)" >> ${times}`,
    'exit $code',
  ];
  writeFileSync(shim, `${lines.join('\n')}\n`);
  chmodSync(shim, 0o755);
  return folder;
}

/** Milliseconds in which at least one builder's process ran. */
function builderTime(): number {
  const spans = readFileSync(times, 'utf8')
    .trim()
    .split('\n')
    .map(line => line.split(' ').map(nanoseconds => Number(nanoseconds) / 1e6))
    .sort(([a = 0], [b = 0]) => a - b);
  let total = 0;
  let until = 0;
  for (const [began = 0, ended = 0] of spans) {
    total += Math.max(0, ended - Math.max(began, until));
    until = Math.max(until, ended);
  }
  return total;
}
