import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import { startTestbed } from '@slipway/testbed';
import { startGitHub } from '@slipway/testbed/github';
import { createJob, runStep } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { interceptingProxy } from '../actions/deploy/test/intercepting-proxy.ts';
import { fencedNamespace, files, open, type Prepared, prepared, spawned } from '../test/support/instances.ts';
import { median } from './stopwatch.ts';

// Instances of a spawned formation, one after the other, as preview.yml has them once their tree is rendered: the bundles of deploy and
// verify-rollout until the comment has the address. kwok's pods are ready at once, so the seconds are Slipway's own. Prints a table.
//   node_modules/.bin/node --conditions=slipway-source bench/spawn.ts [instances, 10 by default]

const COUNT = Number(process.argv[2] ?? 10);
const NAMESPACE = 'previews';
const keys = Array.from({ length: COUNT }, (_, index) => String(index + 1));

const testbed = await startTestbed({ parts: ['cluster'] });
const { cluster } = testbed;
if (cluster === undefined) throw new Error('the testbed lacks its cluster');
const client = await connect(cluster.kubeconfig);
const token = { login: 'github-actions[bot]', comments: 'write', deployments: 'write' } as const;
const github = await startGitHub({
  directory: '/',
  tokens: new Map([['ghs_1', token]]),
  pulls: keys.map(key => open(Number(key))),
});
const user = await cluster.userKubeconfig('spawner');

interface Cost {
  readonly seconds: number;
  readonly toCluster: number;
  readonly toGitHub: number;
}

type Action = 'deploy' | 'verify-rollout';

/** One step of the job, with its requests counted. @throws Error with its log unless it succeeded */
async function cost(action: Action, tree: Prepared, inputs: Readonly<Record<string, string>>): Promise<Cost> {
  let toCluster = 0;
  const proxy = await interceptingProxy(user, () => {
    toCluster += 1;
    return 'pass';
  });
  const job = createJob({
    workspace: tree.workspace,
    directory: testbed.directory,
    path: process.env['PATH'] ?? '',
    environment: { GITHUB_API_URL: github.apiUrl },
  });
  const [asked, started] = [github.requests.length, performance.now()];
  const result = await runStep(job, {
    action: resolve(import.meta.dirname, '../actions', action),
    inputs: { token: 'ghs_1', ...inputs, kubeconfig: proxy.kubeconfig },
    environment: { PREVIEW_PASSWORD: 'pr3view' },
  });
  const seconds = (performance.now() - started) / 1000;
  proxy.close();
  if (result.exitCode !== 0) throw new Error(result.raw);
  return { seconds, toCluster, toGitHub: github.requests.length - asked };
}

/** One instance until its comment has the address. */
async function spawnOne(key: string, release: number): Promise<readonly Cost[]> {
  const tree = await prepared(files(NAMESPACE, COUNT), key);
  const deployed = await cost('deploy', tree, spawned(tree, key, ''));
  const verified = await cost('verify-rollout', tree, {
    ...{ formation: 'preview', spawn: key, release: String(release), 'stable-for': '0s' },
  });
  const address = `https://pr-${key}.preview.acme.io`;
  if (!github.state.comments.some(({ body }) => body.includes(address)))
    throw new Error(`no comment has ${address}`);
  return [deployed, verified];
}

function row(what: string, costs: readonly Cost[]): string {
  const of = (figure: keyof Cost): number => median(costs.map(one => one[figure]));
  const most = Math.max(...costs.map(({ seconds }) => seconds));
  return `| ${what} | ${of('seconds').toFixed(1)} | ${most.toFixed(1)} | ${of('toCluster')} | ${of('toGitHub')} |`;
}

const STEPS = [
  'first release: deploy',
  'first release: verify-rollout',
  'next push: deploy',
  'next push: verify-rollout',
];
try {
  await fencedNamespace(client, NAMESPACE);
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', namespace: NAMESPACE, name: 'previews' };
  const hard = { pods: '500', 'requests.cpu': '100', 'requests.memory': '100Gi', 'limits.memory': '100Gi' };
  await client.patch(quota, { spec: { hard } });
  const all: (readonly Cost[])[] = [];
  for (const key of keys) all.push([...(await spawnOne(key, 1)), ...(await spawnOne(key, 2))]);
  console.log(`${COUNT} instances, one after the other; load ${loadavg()[0]?.toFixed(1)}\n`);
  console.log('| | s: median | most | requests to the cluster | to GitHub |\n|---|---:|---:|---:|---:|');
  for (const [index, what] of STEPS.entries())
    console.log(
      row(
        what,
        all.flatMap(costs => costs.slice(index, index + 1)),
      ),
    );
} finally {
  client.close();
  await github.stop();
  await testbed.stop();
}
for (const one of github.problems) console.error(one);
if (github.problems.length > 0) process.exitCode = 1;
