/**
 * Deploys random changes to lists on the testbed's API server, or compares random merges with its field manager, for as long as one
 * likes: `node --conditions=slipway-source packages/release/tools/random-changes.ts --what deploys --count 2000 --seed 1`
 */
import { parseArgs } from 'node:util';
import { startTestbed } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { compareMerges } from '../test/support/compare-merges.ts';
import { defineLists } from '../test/support/define-lists.ts';
import { deployChanges } from '../test/support/deploy-changes.ts';
import { ALL_LISTS } from '../test/support/random-lists.ts';

const { values } = parseArgs({
  options: {
    what: { type: 'string', default: 'deploys' },
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    kubernetes: { type: 'string', default: '1.36' },
  },
});
const [count, seed] = [Number(values.count), Number(values.seed)];
const testbed = await startTestbed({ parts: ['cluster'], kubernetes: values.kubernetes });
const client = await connect(testbed.cluster?.kubeconfig ?? '');
try {
  await defineLists(client);
  const { differences, ...figures } =
    values.what === 'merges'
      ? await compareMerges(client, { seed, count })
      : await deployChanges(client, {
          seed,
          namespace: 'random',
          rounds: Math.ceil(count / ALL_LISTS.length),
          onRound: round => console.log(`round ${round}`),
        });
  for (const difference of differences) console.log(JSON.stringify(difference, null, 2));
  console.log(JSON.stringify({ ...figures, differences: differences.length }));
  process.exitCode = differences.length === 0 ? 0 : 1;
} finally {
  client.close();
  await testbed.stop();
}
