/**
 * Plays releases in steps on an API server whose pods kwok plays, three times each: verify-rollout's bundle looks at them, as a workflow
 * does, and a real Prometheus knows what a program says that the pods have counted. Prints what each has to end with and what was found;
 * anything else is the exit code 1.
 *   node_modules/.bin/node --conditions=slipway-source bench/steps-truth.ts [part of a scenario's name] …
 * An interrupt ends it after the scenarios that are under way.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startPrometheus, startTestbed } from '@slipway/testbed';
import { copyActions } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { startMetrics } from './steps-truth/play.ts';
import type { Scenario } from './steps-truth/scenario.ts';
import { OF_JUDGING } from './steps-truth/scenarios/judging.ts';
import { OF_LOGINS } from './steps-truth/scenarios/logins.ts';
import { OF_NEWER } from './steps-truth/scenarios/newer.ts';
import { OF_OTHERS } from './steps-truth/scenarios/others.ts';
import { OF_PODS } from './steps-truth/scenarios/pods.ts';
import { type Played, playScenario, type Theatre } from './steps-truth/stage.ts';

const ROUNDS = Number(process.env['STEPS_TRUTH_ROUNDS'] ?? 3);
/** Most of the time they wait. */
const AT_ONCE = 8;
const ROOT = resolve(import.meta.dirname, '..');
const parts = process.argv.slice(2);
const scenarios = [...OF_PODS, ...OF_JUDGING, ...OF_OTHERS, ...OF_LOGINS, ...OF_NEWER].filter(
  ({ name }) => parts.length === 0 || parts.some(part => name.includes(part)),
);

async function playAll(theatre: Theatre): Promise<ReadonlyMap<Scenario, Played[]>> {
  const all = new Map<Scenario, Played[]>(scenarios.map(scenario => [scenario, []]));
  const queue = Array.from({ length: ROUNDS }, (_, round) =>
    scenarios.map((scenario, number) => ({ scenario, name: `truth-${number}-${round}` })),
  ).flat();
  process.once('SIGINT', () => queue.splice(0));
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { scenario, name } = next;
      const played = await playScenario(scenario, name, theatre).catch(noAnswer);
      console.error(
        `${played.wrong === '' ? 'right' : 'WRONG'}  ${scenario.name}: ${played.found} ${played.wrong}`,
      );
      all.get(scenario)?.push(played);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return all;
}

function noAnswer(error: unknown): Played {
  return { found: 'no answer', wrong: String(error), seconds: Number.NaN };
}

function row({ name, expected }: Scenario, played: readonly Played[]): string {
  const found = [...new Set(played.map(one => one.found))].join(' / ');
  const right = played.filter(({ wrong }) => wrong === '').length;
  const seconds = played.map(one => one.seconds).toSorted((a, b) => a - b);
  const took = `${seconds[0]?.toFixed(0)} to ${seconds.at(-1)?.toFixed(0)} s`;
  return `| ${name} | ${expected} | ${found === expected ? 'the same' : found} | ${right} of ${played.length} | ${took} |`;
}

const directory = mkdtempSync(join(tmpdir(), 'slipway-truth-'));
// A copy, so that building a bundle meanwhile changes nothing here.
copyActions(ROOT, directory);
const testbed = await startTestbed({ parts: ['cluster'], nodes: 3 });
const kubeconfig = testbed.cluster?.kubeconfig ?? '';
const client = await connect(kubeconfig);
const metrics = await startMetrics(client);
const prometheus = await startPrometheus({ targets: [metrics.target] });
try {
  const action = join(directory, 'actions/verify-rollout');
  const theatre = { client, kubeconfig, metrics, prometheus: prometheus.address, action, directory };
  const all = await playAll(theatre);
  console.log(`${new Date().toISOString().slice(0, 10)}, load ${loadavg()[2]?.toFixed(1)}\n`);
  console.log('| scenario | has to end with | found | right | took |\n|---|---|---|---:|---|');
  for (const [scenario, played] of all) if (played.length > 0) console.log(row(scenario, played));
  process.exitCode = [...all.values()].flat().some(({ wrong }) => wrong !== '') ? 1 : 0;
} finally {
  await prometheus.stop();
  metrics.close();
  client.close();
  await testbed.stop();
  rmSync(directory, { recursive: true });
}
