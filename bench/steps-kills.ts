/**
 * Kills releases in steps at a random write of a run, before a real API server whose pods kwok plays: while they begin, reach their
 * steps, are committed, go home, are undone from the commit on, or give way to a newer one. The next look has to carry each to its end,
 * as if nothing had happened. Anything that is wrong then is the exit code 1.
 *   node_modules/.bin/node --conditions=slipway-source bench/steps-kills.ts [RELEASES[:SEED]] [part of a stage's name] [--real-node]
 * With --real-node a kubelet runs the pods, one release at a time.
 * An interrupt ends it after the releases that are under way.
 */
import { loadavg } from 'node:os';
import { pushBaseImages, startTestbed, type Testbed } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { randomFrom } from '../packages/release/test/random-faults.ts';
import { STAGES, type Stage } from './steps-kills/stages.ts';
import { type Formation, newFormation, type Tried, tryKill } from './steps-kills/try-kill.ts';

const REAL_NODE = '--real-node';
const isReal = process.argv.includes(REAL_NODE);
/** Most of the time they wait for pods. */
const AT_ONCE = isReal ? 1 : 5;
/** Three for each release that is tried. */
const MOST_VERSIONS = 300;

const [wanted = '150', part = ''] = process.argv.slice(2).filter(argument => argument !== REAL_NODE);
const [releases = 150, seed = 20_261_130] = wanted.split(':').map(Number);
const stages = STAGES.filter(({ name }) => name.includes(part));
/** How many writes a run of each stage makes: a guess until one has come to its end, as it was to die later. */
const writes = new Map<Stage['name'], number>();
const GUESS = 30;

const testbed = await startTestbed({
  parts: isReal ? ['cluster', 'registry', 'node'] : ['cluster'],
  nodes: isReal ? 1 : 2,
});
const repository = isReal ? await pushVersions(testbed) : 'shop/main';
const client = await connect(testbed.cluster?.kubeconfig ?? '');
const all: Tried[] = [];
let isStopping = false;
process.once('SIGINT', () => {
  isStopping = true;
});
const killed = (): number => all.filter(({ died }) => died !== undefined).length;

/** The testbed's base image, under a tag for each version. @returns its repository */
async function pushVersions({ registry }: Testbed): Promise<string> {
  if (registry === undefined) throw new Error('the testbed lacks its registry');
  const { base } = await pushBaseImages(registry);
  const [repository = ''] = base.name.split(/:\d+$/);
  const manifests = `http://${repository.replace('/', '/v2/')}/manifests`;
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const body = await (
    await fetch(`${manifests}/${base.digest}`, { headers: { accept: type } })
  ).arrayBuffer();
  for (let version = 1; version <= MOST_VERSIONS; version++) {
    const put = await fetch(`${manifests}/${version}`, {
      ...{ method: 'PUT', headers: { 'content-type': type }, body },
    });
    if (!put.ok) throw new Error(`the registry answered ${put.status} to version ${version}`);
  }
  return repository;
}

async function tryOne(formation: Formation, stage: Stage, random: () => number): Promise<Tried> {
  const pick = (name: Stage['name']): number => 1 + Math.floor(random() * (writes.get(name) ?? GUESS));
  const means = { client, random, at: pick(stage.name), atCommit: 3 + pick('commit') };
  const tried = await tryKill(formation, stage, means);
  if (tried.died === undefined && tried.writes > 0)
    writes.set(stage.name, Math.max(writes.get(stage.name) ?? 0, tried.writes));
  return tried;
}

/** One formation, whose releases are killed one after the other; beside it there are others. */
async function work(random: () => number): Promise<void> {
  let formation = await newFormation(client, repository);
  while (!isStopping && killed() < releases) {
    const stage = stages[Math.floor(random() * stages.length)];
    if (stage === undefined) throw new Error(`no stage is called ${part}`);
    const tried = await tryOne(formation, stage, random).catch(error => broken(stage, error));
    all.push(tried);
    const what = tried.died === undefined ? 'not killed' : `killed at ${tried.writes}, ${tried.died}`;
    console.error(`${killed()} ${stage.name}, ${what}: ${tried.faults.join('; ') || 'right'}`);
    if (tried.faults.length > 0) formation = await newFormation(client, repository);
  }
}

/** A run after the kill that cannot go on is wrong as well. */
function broken(stage: Stage, error: unknown): Tried {
  const after = { requests: 0, writes: 0, isOver: false, last: '' };
  return { stage: stage.name, died: 'unknown', writes: 0, faults: [String(error)], after, seconds: 0 };
}

function row(name: string, tried: readonly Tried[]): string {
  const dead = tried.filter(({ died }) => died !== undefined);
  const right = dead.filter(({ faults }) => faults.length === 0);
  const seconds = dead.map(one => one.seconds).toSorted((a, b) => a - b);
  const requests = dead.map(({ after }) => after.requests).toSorted((a, b) => a - b);
  const middle = Math.floor(dead.length / 2);
  const figures = [
    seconds[middle]?.toFixed(1),
    seconds.at(-1)?.toFixed(1),
    requests[middle],
    requests.at(-1),
  ];
  return `| ${[name, dead.length, right.length, ...figures].join(' | ')} |`;
}

try {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(randomFrom(seed + index))));
  const now = new Date().toISOString().slice(0, 10);
  console.log(`${now}, seed ${seed}, load ${loadavg()[2]?.toFixed(1)}\n`);
  console.log('| killed while it | releases | right | seconds: median | most | requests: median | most |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const { name } of stages)
    console.log(
      row(
        name,
        all.filter(({ stage }) => stage === name),
      ),
    );
  console.log(row('together', all));
  const points = new Set(all.flatMap(({ died, stage }) => (died === undefined ? [] : [`${stage}: ${died}`])));
  console.log(
    `\n${points.size} different writes; ${all.filter(({ died }) => died === undefined).length} releases ended before the write at which they were to die`,
  );
  process.exitCode = all.some(({ faults }) => faults.length > 0) ? 1 : 0;
} finally {
  client.close();
  await testbed.stop();
}
