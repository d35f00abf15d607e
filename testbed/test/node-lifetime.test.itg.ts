import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startTestbed } from '../src/index.ts';
import { toolPath } from '../src/tools.ts';
import { pod } from './pods.ts';
import { eventually, processesWith } from './processes.ts';
import { firstLine, runScript, STARTER } from './scripts.ts';

const run = promisify(execFile);
const BUILD = 600_000;

interface Traces {
  readonly bridge: string;
  readonly cgroup: string;
}

/** What a node leaves on the machine as long as it lives. */
async function tracesOf(folder: string): Promise<Traces> {
  return JSON.parse(await readFile(join(folder, 'node', 'plan.json'), 'utf8')) as Traces;
}

async function exists(folder: string, name: string): Promise<boolean> {
  return (await readdir(folder)).includes(name);
}

/** Folders of control groups of that name, with the number of processes in them and below. */
async function processesIn(cgroup: string): Promise<Map<string, number>> {
  const roots = ['', ...(await readdir('/sys/fs/cgroup', { withFileTypes: true })).map(entry => entry.name)];
  const found = new Map<string, number>();
  for (const root of roots) {
    const folder = join('/sys/fs/cgroup', root, cgroup);
    const files = await readdir(folder, { recursive: true }).catch(() => undefined);
    if (files === undefined) continue;
    const lists = files.filter(file => file.endsWith('cgroup.procs'));
    const texts = await Promise.all(
      lists.map(async file => await readFile(join(folder, file), 'utf8').catch(() => '')),
    );
    found.set(folder, texts.join('').split('\n').length - 1);
  }
  return found;
}

async function isGone(folder: string, { bridge, cgroup }: Traces): Promise<boolean> {
  const groups = await processesIn(cgroup);
  const interfaces = await exists('/sys/class/net', bridge);
  return groups.size === 0 && !interfaces && (await processesWith(folder)).length === 0;
}

/** Runs a pod, so that there is a container, a shim, a network namespace and mounts to put away. */
async function runPod(folder: string): Promise<void> {
  const main = { name: 'main', image: 'testbed.slipway.dev/pause:1', imagePullPolicy: 'Never' };
  const kubectl = [`--kubeconfig=${join(folder, 'kubeconfig')}`];
  const program = await toolPath('kubectl');
  const applied = run(program, [...kubectl, 'apply', '--filename=-']);
  applied.child.stdin?.end(JSON.stringify(pod('holder', main)));
  await applied;
  await run(program, [...kubectl, 'wait', '--for=condition=Ready', 'pod/holder', '--timeout=30s']);
}

describe('the lifetime of a real node', () => {
  beforeAll(async () => {
    await (await startTestbed({ parts: ['cluster', 'node'] })).stop();
  }, BUILD);

  it('is that of its testbed: two run beside each other, and stopping them leaves nothing', async () => {
    const parts = ['cluster', 'node'] as const;
    const testbeds = await Promise.all([startTestbed({ parts }), startTestbed({ parts })]);
    const traces = await Promise.all(testbeds.map(async ({ directory }) => await tracesOf(directory)));
    await Promise.all(testbeds.map(async ({ directory }) => await runPod(directory)));
    const counts = await Promise.all(traces.map(async ({ cgroup }) => await processesIn(cgroup)));
    await Promise.all(testbeds.map(async testbed => await testbed.stop()));
    expect(new Set(traces.map(({ bridge }) => bridge)).size).toBe(2);
    // The sandbox and the container.
    for (const groups of counts) expect(Math.max(...groups.values())).toBe(2);
    for (const [index, { directory }] of testbeds.entries())
      expect(await isGone(directory, traces[index] as Traces)).toBe(true);
  });

  it('ends by kill -9 of whoever started it', async () => {
    const child = runScript(STARTER, ['cluster', 'node']);
    const folder = await firstLine(child, /^(\/.*)$/);
    const traces = await tracesOf(folder);
    await runPod(folder);
    child.kill('SIGKILL');
    expect(await eventually(async () => await isGone(folder, traces))).toBe(true);
  });

  it('ends by kill -9 of its supervisor, and the next start removes what the kernel does not', async () => {
    const child = runScript(STARTER, ['cluster', 'node']);
    const folder = await firstLine(child, /^(\/.*)$/);
    const traces = await tracesOf(folder);
    await runPod(folder);
    const supervisor = JSON.parse(await readFile(join(folder, 'supervisor.json'), 'utf8')) as { pid: number };
    process.kill(supervisor.pid, 'SIGKILL');
    child.kill('SIGKILL');
    const idle = async () =>
      [...(await processesIn(traces.cgroup)).values()].every(count => count === 0) &&
      (await processesWith(folder)).length === 0;
    expect(await eventually(idle)).toBe(true);
    await (await startTestbed({ parts: ['registry'] })).stop();
    expect(await eventually(async () => await isGone(folder, traces))).toBe(true);
  });

  it('changes nothing of the machine that it runs on', async () => {
    const parameters = ['kernel/panic', 'net/ipv4/ip_forward', 'vm/overcommit_memory'];
    const read = async () =>
      await Promise.all(parameters.map(async name => await readFile(join('/proc/sys', name), 'utf8')));
    const before = [await read(), await readdir('/var/lib'), await readdir('/var/log')];
    const testbed = await startTestbed({ parts: ['cluster', 'node'] });
    await runPod(testbed.directory);
    const during = [await read(), await readdir('/var/lib'), await readdir('/var/log')];
    const mounts = await readFile('/proc/self/mounts', 'utf8');
    await testbed.stop();
    expect(during).toEqual(before);
    expect(mounts).not.toContain(testbed.directory);
  });
});
