import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pushBaseImages, startTestbed, type Testbed, type TestbedCluster, toolPath } from '@slipway/testbed';
import { copyActions } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { type Answer, askKubectl, askSlipway, deployScenario, type SlipwayAnswer } from './answers.ts';
import { askHelm } from './ask-helm.ts';
import { type Scenario, scenarios } from './scenarios.ts';

// Deploys each scenario to the real node three times, and asks verify-rollout's bundle, `kubectl rollout status` and
// `helm upgrade --install --wait` at the same moment what became of it. Prints a table; a wrong verdict is the exit code 1.
//   node_modules/.bin/node --conditions=slipway-source bench/verify-scenarios.ts [part of a scenario's name] …

const ROUNDS = 3;
/** Enough of them to save time, and few enough that they do not slow each other down on two processors. */
const AT_ONCE = 9;
const ROOT = resolve(import.meta.dirname, '..');

interface Tools {
  readonly cluster: TestbedCluster;
  readonly helm: string;
  readonly action: string;
}

interface Run {
  readonly scenario: Scenario;
  readonly wrong: string;
  readonly slipway: SlipwayAnswer;
  readonly kubectl: Answer | undefined;
  readonly helm: Answer | undefined;
}

async function measureAll(testbed: Testbed, action: string, wanted: readonly string[]): Promise<Run[]> {
  const { cluster, registry } = testbed;
  if (cluster === undefined || registry === undefined) throw new Error('the testbed lacks a part');
  const { base } = await pushBaseImages(registry);
  const tools = { cluster, action, helm: await toolPath('helm') };
  const chosen = scenarios(base.name).filter(
    ({ name }) => wanted.length === 0 || wanted.some(part => name.includes(part)),
  );
  const queue = Array.from({ length: ROUNDS }, (_, round) =>
    chosen.map((scenario, number) => ({ scenario, name: `scenario-${number}-${round}` })),
  ).flat();
  const runs: Run[] = [];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { scenario, name } = next;
      const run = await measure(scenario, name, tools).catch(error => noAnswer(scenario, error));
      const { slipway, wrong } = run;
      process.stderr.write(
        `${wrong === '' ? 'right' : 'WRONG'}  ${scenario.name}: ${slipway.summary} ${wrong}\n`,
      );
      runs.push(run);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return runs;
}

async function measure(scenario: Scenario, name: string, { cluster, helm, action }: Tools): Promise<Run> {
  const client = await connect(cluster.kubeconfig);
  try {
    const release = await deployScenario(scenario, name, cluster);
    const [slipway, kubectl, helms] = await Promise.all([
      askSlipway(release, cluster, scenario.inputs, action),
      askKubectl(scenario, release, cluster),
      askHelm(scenario, `${name}-helm`, cluster, helm),
      scenario.meanwhile?.({ client, namespace: name }),
    ]);
    return { scenario, wrong: wrongIn(scenario, slipway), slipway, kubectl, helm: helms };
  } finally {
    for (const namespace of [name, `${name}-helm`])
      await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    client.close();
  }
}

/** One scenario that goes wrong as a whole is a wrong answer, and the others go on. */
function noAnswer(scenario: Scenario, error: unknown): Run {
  const slipway = { said: 'no answer', seconds: Number.NaN, summary: String(error), report: '' };
  return { scenario, wrong: String(error), slipway, kubectl: undefined, helm: undefined };
}

function wrongIn({ verdict, reason, evidence = /./ }: Scenario, answer: SlipwayAnswer): string {
  const wrong = [
    answer.said === verdict ? '' : `verdict ${answer.said}, expected ${verdict}`,
    reason.test(answer.summary) ? '' : `reason, expected ${reason}`,
    evidence.test(answer.report) ? '' : `evidence, expected ${evidence}`,
  ];
  return wrong.filter(Boolean).join('; ');
}

/** One line for the runs of a scenario: what was said, and the least and the most seconds until then. */
function line(runs: readonly [Run, ...Run[]]): string {
  const show = (answers: readonly (Answer | undefined)[]) => {
    const given = answers.filter(answer => answer !== undefined);
    if (given.length === 0) return '–';
    const seconds = given.map(answer => answer.seconds).toSorted((a, b) => a - b);
    const said = [...new Set(given.map(answer => answer.said))].join(' or ');
    return `${said}, ${seconds[0]?.toFixed(1)} to ${seconds.at(-1)?.toFixed(1)} s`;
  };
  const wrong = runs.filter(run => run.wrong !== '').map(run => run.wrong);
  const right = wrong.length === 0 ? 'yes' : `**no**, ${wrong.length} of ${runs.length}: ${wrong.join('; ')}`;
  const { name } = runs[0].scenario;
  const others = `${show(runs.map(({ kubectl }) => kubectl))} | ${show(runs.map(({ helm }) => helm))}`;
  return `| ${name} | ${show(runs.map(({ slipway }) => slipway))} | ${right} | ${others} |`;
}

const folder = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
// A copy, so that building a bundle meanwhile changes nothing here.
copyActions(ROOT, folder);
const testbed = await startTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });
try {
  const started = performance.now();
  const runs = await measureAll(testbed, join(folder, 'actions/verify-rollout'), process.argv.slice(2));
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  process.stdout.write(`${runs.length} runs in ${minutes} min, load ${loadavg()[1]?.toFixed(1)}\n\n`);
  process.stdout.write('| scenario | verify-rollout | right | kubectl rollout status | helm --wait |\n');
  process.stdout.write('|---|---|---|---|---|\n');
  for (const [first, ...rest] of Map.groupBy(runs, ({ scenario }) => scenario.name).values())
    if (first !== undefined) process.stdout.write(`${line([first, ...rest])}\n`);
  if (runs.some(({ wrong }) => wrong !== '')) process.exitCode = 1;
} finally {
  await testbed.stop();
  rmSync(folder, { recursive: true });
}
