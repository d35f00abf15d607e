/**
 * How long each bundle takes from the start of its process to its first useful act on the shop, as a multiple of what Node
 * takes to run an empty file. `npm run bench` prints the table that bench/results/ keeps.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runStep } from '../testbed/src/runner/index.ts';
import { openDoorbell } from './doorbell.ts';
import { type Measured, scenes } from './scenes.ts';

const ROUNDS = 15;
const ACTIONS = resolve(import.meta.dirname, '../actions');

/** Milliseconds until the act, or until the process ended where that is the act. */
async function time(measured: Measured): Promise<number> {
  const done = new AbortController();
  let acted: number | undefined;
  measured.doorbell?.onRing(() => {
    acted ??= performance.now();
    done.abort();
  });
  const started = performance.now();
  const result = await runStep(measured.job, {
    action: measured.action,
    inputs: measured.inputs,
    signal: done.signal,
  });
  if (measured.doorbell === undefined && result.exitCode !== 0) throw new Error(result.log);
  if (measured.doorbell !== undefined && acted === undefined)
    throw new Error(`${measured.action} ended before its first act:\n${result.log}`);
  return (acted ?? performance.now()) - started;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function sizeOf(action: string): string {
  const folder = join(action, 'dist');
  const bytes = readdirSync(folder)
    .filter(file => file.endsWith('.js'))
    .map(file => statSync(join(folder, file)).size);
  const entry = statSync(join(folder, 'index.js')).size;
  const total = bytes.reduce((sum, size) => sum + size, 0);
  return `${(entry / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB`;
}

/** An action that does nothing, run in the same way: what Node and the runner's files cost. */
function bareAction(directory: string): string {
  const folder = join(directory, 'bare');
  mkdirSync(folder);
  writeFileSync(join(folder, 'action.yml'), 'name: bare\nruns: { using: node24, main: index.js }\n');
  writeFileSync(join(folder, 'index.js'), '');
  return folder;
}

const directory = mkdtempSync(join(tmpdir(), 'slipway-bench-'));
const doorbell = await openDoorbell();
try {
  const measured = await scenes(directory, ACTIONS, doorbell);
  const [{ job }] = measured;
  const bare: Measured = {
    name: 'bare Node',
    act: 'an empty file',
    action: bareAction(directory),
    job,
    inputs: {},
  };
  const times = new Map<string, number[]>();
  // Round by round, so that a busy moment of the machine falls on all alike.
  for (let round = 0; round <= ROUNDS; round += 1)
    for (const one of [bare, ...measured]) {
      const milliseconds = await time(one);
      if (round > 0) times.set(one.name, [...(times.get(one.name) ?? []), milliseconds]);
    }
  const unit = median(times.get(bare.name) ?? []);
  console.log('| bundle | until | loaded at once | ms | times bare Node |\n|---|---|---|---|---|');
  for (const one of [bare, ...measured]) {
    const milliseconds = median(times.get(one.name) ?? []);
    const size = one === bare ? '' : sizeOf(one.action);
    console.log(
      `| ${one.name} | ${one.act} | ${size} | ${milliseconds.toFixed(0)} | ${(milliseconds / unit).toFixed(1)} |`,
    );
  }
  console.log(
    `\nMedians of ${ROUNDS}, Node ${process.version}, ${cpus().length} CPUs (${cpus()[0]?.model.trim()}).`,
  );
} finally {
  doorbell.close();
  rmSync(directory, { recursive: true, force: true });
}
