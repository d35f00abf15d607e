/**
 * Kills the bundle of deploy by SIGKILL at every single write of a release, a change, a prune, an adoption, a rollback and a destroy,
 * runs it again each time, and looks whether the cluster is then as it was meant to be: no object without an owner, no release
 * without an outcome, no lock left. The second run waits until the lock of the dead one expires, as it would in earnest. Anything
 * that is wrong is the exit code 1.
 *   node_modules/.bin/node --conditions=slipway-source bench/kill-points.ts [name of a scenario]
 */
import { startTestbed } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { countWrites, SCENARIOS, type Scenario, tryKill } from '../actions/deploy/test/kill-points.ts';

/** Most of the time they wait for locks. */
const AT_ONCE = 8;

const testbed = await startTestbed({ parts: ['cluster'] });
const kubeconfig = testbed.cluster?.kubeconfig ?? '';
const client = await connect(kubeconfig);
const surroundings = { client, kubeconfig, directory: testbed.directory, lock: 'wait' } as const;

async function tryAll(scenario: Scenario): Promise<string[]> {
  const writes = await countWrites(scenario, surroundings);
  const points = Array.from({ length: writes }, (_, index) => index + 1).values();
  const faults: string[] = [];
  const work = async (): Promise<void> => {
    for (const at of points) faults.push(...(await tryKill(scenario, surroundings, at)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  console.log(`| ${scenario.name} | ${writes} | ${faults.length} |`);
  return faults;
}

console.log('| killed in the middle of | kill points | went wrong |\n|---|---:|---:|');
const all: string[] = [];
try {
  for (const scenario of SCENARIOS.filter(({ name }) => name.includes(process.argv[2] ?? '')))
    all.push(...(await tryAll(scenario)));
} finally {
  client.close();
  await testbed.stop();
}
for (const fault of all) console.error(fault);
process.exitCode = all.length === 0 ? 0 : 1;
