import { pushBaseImages, startTestbed, type Testbed } from '@slipway/testbed';
import { type Answer, askKubectl, askSlipway, deployScenario, type SlipwayAnswer } from './answers.ts';
import { type Scenario, scenarios } from './scenarios.ts';

// Deploys each scenario to the real node, and asks verify-rollout's bundle and `kubectl rollout status` at the same moment
// what became of it. Prints a table; a wrong verdict is the exit code 1.
//   node_modules/.bin/node --conditions=slipway-source bench/verify-scenarios.ts [part of a scenario's name]

/** Enough of them to save time, and few enough that they do not slow each other down on two processors. */
const AT_ONCE = 3;

interface Row {
  readonly scenario: Scenario;
  readonly wrong: string;
  readonly slipway: Answer;
  readonly kubectl: Answer | undefined;
}

async function measureAll(testbed: Testbed, wanted: string): Promise<Row[]> {
  const { cluster, registry } = testbed;
  if (cluster === undefined || registry === undefined) throw new Error('the testbed lacks a part');
  const { base } = await pushBaseImages(registry);
  const queue = [
    ...scenarios(base.name)
      .filter(({ name }) => name.includes(wanted))
      .entries(),
  ];
  const rows: Row[] = [];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [number, scenario] = next;
      const release = await deployScenario(scenario, `scenario-${number}`, cluster);
      const [slipway, kubectl] = await Promise.all([
        askSlipway(release, cluster),
        askKubectl(scenario, release, cluster),
      ]);
      const wrong = wrongIn(scenario, slipway);
      process.stderr.write(`${wrong === '' ? 'right' : 'WRONG'}  ${scenario.name}: ${slipway.summary}\n`);
      rows[number] = { scenario, wrong, slipway, kubectl };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return rows;
}

function wrongIn({ verdict, reason, evidence = /./ }: Scenario, answer: SlipwayAnswer): string {
  const wrong = [
    answer.said === verdict ? '' : `verdict, expected ${verdict}`,
    reason.test(answer.summary) ? '' : `reason, expected ${reason}`,
    evidence.test(answer.report) ? '' : `evidence, expected ${evidence}`,
  ];
  return wrong.filter(Boolean).join('; ');
}

function line({ scenario, slipway, wrong, kubectl }: Row): string {
  const show = (answer: Answer | undefined) =>
    answer === undefined ? '–' : `${answer.said}, ${answer.seconds.toFixed(1)} s`;
  return `| ${scenario.name} | ${show(slipway)} | ${wrong === '' ? 'yes' : `**no**: ${wrong}`} | ${show(kubectl)} |`;
}

const testbed = await startTestbed({ parts: ['cluster', 'registry', 'node'], nodes: 0 });
try {
  const rows = await measureAll(testbed, process.argv[2] ?? '');
  process.stdout.write('| scenario | verify-rollout | right | kubectl rollout status |\n|---|---|---|---|\n');
  for (const row of rows) process.stdout.write(`${line(row)}\n`);
  if (rows.some(({ wrong }) => wrong !== '')) process.exitCode = 1;
} finally {
  await testbed.stop();
}
