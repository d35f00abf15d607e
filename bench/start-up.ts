/**
 * How long each action takes from the start of its process to its first useful act on the shop, with the bundles of this checkout beside
 * those of an earlier commit, in one run: `npm run bench -- start-up [commit] [rounds]`. Today's are run twice: with an empty compile
 * cache, as in the first step of a job, and with one that the same action has filled. A second table has the CPU time, which can be
 * compared on a busy machine too. bench/results/ keeps the tables.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { runStep } from '@slipway/testbed/runner';
import { cpuOfChildren } from './cpu-time.ts';
import { openDoorbell } from './doorbell.ts';
import { type Measured, scenes } from './scenes.ts';
import { median } from './stopwatch.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** The last commit in which each action had a bundle of its own. */
const [EARLIER = '7d94afe', ROUNDS = '15'] = process.argv.slice(2);

/** Milliseconds on the clock and of CPU time. */
type Times = readonly [clock: number, cpu: number];

/** The time until the act, or until the process ended where that is the act. */
async function time(measured: Measured, temporary: string): Promise<Times> {
  const done = new AbortController();
  const now = (): Times => [performance.now(), cpuOfChildren()];
  let acted: Times | undefined;
  measured.doorbell?.onRing(() => {
    acted ??= now();
    done.abort();
  });
  const started = now();
  const result = await runStep(measured.job, {
    action: measured.action,
    inputs: measured.inputs,
    environment: { RUNNER_TEMP: temporary },
    signal: done.signal,
  });
  const ended = now();
  if (measured.doorbell === undefined && result.exitCode !== 0) throw new Error(result.log);
  if (measured.doorbell !== undefined && acted === undefined)
    throw new Error(`${measured.action} ended before its first act:\n${result.log}`);
  const [clock, cpu] = acted ?? ended;
  return [clock - started[0], cpu - started[1]];
}

/** An action that does nothing, run in the same way: what Node and the runner's files cost. */
function bareAction(directory: string): string {
  const folder = join(directory, 'bare');
  mkdirSync(folder);
  writeFileSync(join(folder, 'action.yml'), 'name: bare\nruns: { using: node24, main: index.js }\n');
  writeFileSync(join(folder, 'index.js'), '');
  return folder;
}

/** Bytes of the bundles, which are the folders called dist below a checkout. */
function bundledBytes(checkout: string): number {
  const folders = ['dist', ...readdirSync(join(checkout, 'actions')).map(name => `actions/${name}/dist`)];
  const files = folders.flatMap(folder => {
    try {
      return readdirSync(join(checkout, folder), { recursive: true, withFileTypes: true });
    } catch {
      return [];
    }
  });
  const sizes = files
    .filter(file => file.isFile())
    .map(file => statSync(join(file.parentPath, file.name)).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const earlier = join(directory, 'earlier');
execFileSync('git', ['-C', ROOT, 'worktree', 'add', '--quiet', '--detach', earlier, EARLIER]);
const doorbell = await openDoorbell();
try {
  const measured = await scenes(directory, join(ROOT, 'actions'), doorbell);
  const [{ job }] = measured;
  const bare: Measured = {
    name: 'bare Node',
    act: 'an empty file',
    action: bareAction(directory),
    job,
    inputs: {},
  };
  const temporary = (): string => mkdtempSync(join(directory, 'temp-'));
  const columns = ['before', 'now, cold cache', 'now, warm cache'] as const;
  const times = new Map([bare, ...measured].map(one => [one, columns.map((): Times[] => [])]));
  const warm = new Map(measured.map(one => [one, temporary()]));
  // Round by round, so that a busy moment of the machine falls on all alike; the first round fills caches and does not count.
  for (let round = 0; round <= Number(ROUNDS); round += 1)
    for (const one of [bare, ...measured]) {
      const before = one === bare ? one : { ...one, action: join(earlier, relative(ROOT, one.action)) };
      const found = [
        await time(before, temporary()),
        await time(one, temporary()),
        await time(one, warm.get(one) ?? temporary()),
      ];
      if (round > 0) for (const [column, value] of found.entries()) times.get(one)?.[column]?.push(value);
    }
  for (const [index, title] of ['on the clock', 'CPU time'].entries()) {
    console.log(`\n| ${title} | until | ${columns.join(' | ')} |\n|---|---|---|---|---|`);
    for (const [one, values] of times) {
      const [before = Number.NaN, ...now] = values.map(found => median(found.map(pair => pair[index] ?? 0)));
      const cells = now.map(value => `${value.toFixed(0)} ms (${(value / before).toFixed(2)})`);
      console.log(`| ${one.name} | ${one.act} | ${before.toFixed(0)} ms | ${cells.join(' | ')} |`);
    }
  }
  const [was, is] = [earlier, ROOT].map(bundledBytes).map(bytes => (bytes / 1e6).toFixed(1));
  console.log(
    `\nBefore is ${EARLIER}; its bundles have ${was} MB, today's ${is} MB. Medians of ${ROUNDS}, in parentheses as a share of before; ` +
      `Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}), load ${loadavg()[0]?.toFixed(1)}.`,
  );
} finally {
  doorbell.close();
  execFileSync('git', ['-C', ROOT, 'worktree', 'remove', '--force', earlier]);
  rmSync(directory, { recursive: true, force: true });
}
