/**
 * Spawns instances of a formation and kills the bundle of deploy by SIGKILL at a random request of each: of a first deploy, of a second
 * one, or of a removal. Then all pull requests are closed, and one sweep runs. It prints what was there before and what is left of the
 * kinds that Slipway writes; anything that is left is the exit code 1. Credentials have exactly the rights of examples/roles/spawned.yaml.
 *   npm run bench -- spawn-kills [how many, 100] [seed]
 */
import { resolve } from 'node:path';
import { startTestbed } from '@slipway/testbed';
import { startGitHub } from '@slipway/testbed/github';
import { createJob, runStep } from '@slipway/testbed/runner';
import { connect } from '@slipway/testkit/cluster';
import { interceptingProxy } from '../actions/deploy/test/intercepting-proxy.ts';
import {
  contents,
  fencedNamespace,
  files,
  open,
  type Prepared,
  prepared,
  spawned,
} from '../test/support/instances.ts';

const AT_ONCE = 3;
const ACTION = resolve(import.meta.dirname, '../actions/deploy');
const [count = 100, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
const random = generator(seed);
const keys = Array.from({ length: count }, (_, index) => String(index + 1));
const namespace = 'previews';

const testbed = await startTestbed({ parts: ['cluster'] });
const cluster = testbed.cluster;
if (cluster === undefined) throw new Error('there is no cluster');
const client = await connect(cluster.kubeconfig);
const token = { login: 'github-actions[bot]', comments: 'write', deployments: 'write' } as const;
const github = await startGitHub({
  directory: '/',
  tokens: new Map([['ghs_1', token]]),
  pulls: [...keys, String(count + 1)].map(key => open(Number(key))),
});
const user = await cluster.userKubeconfig('spawner');
const given = files(namespace, 100);

interface Step {
  readonly tree: Prepared;
  readonly inputs: Readonly<Record<string, string>>;
  /** The request at which it is killed. */
  readonly at: number;
}

/** Runs deploy until its n-th request, which is not sent any more. @returns how many it sent */
async function run({ tree, inputs, at }: Step) {
  const kill = new AbortController();
  let requests = 0;
  const proxy = await interceptingProxy(user, () => {
    requests += 1;
    if (requests < at) return 'pass';
    kill.abort('SIGKILL');
    return 'break';
  });
  const job = createJob({
    workspace: tree.workspace,
    directory: testbed.directory,
    path: process.env['PATH'] ?? '',
    environment: { GITHUB_API_URL: github.apiUrl },
  });
  const environment = { PREVIEW_PASSWORD: 'pr3view' };
  const all = { token: 'ghs_1', ...inputs, kubeconfig: proxy.kubeconfig };
  const result = await runStep(job, { action: ACTION, inputs: all, environment, signal: kill.signal });
  proxy.close();
  return { requests, result };
}

const whole = Number.POSITIVE_INFINITY;
const deploying = (tree: Prepared, key: string) => ({ ...spawned(tree, key, ''), 'lock-timeout': '120s' });
const removing = (key: string) => ({
  ...{ mode: 'destroy', formation: 'preview', spawn: key, confirm: `shop/preview-${key}` },
  'lock-timeout': '120s',
});

/** One instance: most are killed in their first deploy, some in the second, some while they are removed. */
async function killOne(key: string, most: Readonly<Record<'deploy' | 'destroy', number>>): Promise<string> {
  const tree = await prepared(given, key);
  const kind = random() < 0.6 ? 'first deploy' : random() < 0.5 ? 'second deploy' : 'removal';
  if (kind !== 'first deploy') {
    const { result } = await run({ tree, inputs: deploying(tree, key), at: whole });
    if (result.exitCode !== 0) throw new Error(result.raw);
  }
  const inputs = kind === 'removal' ? removing(key) : deploying(tree, key);
  const at = 1 + Math.floor(random() * most[kind === 'removal' ? 'destroy' : 'deploy']);
  await run({ tree, inputs, at });
  return kind;
}

const killed = new Map<string, number>();
let left: string[] = [];
try {
  await fencedNamespace(client, namespace);
  const quota = { apiVersion: 'v1', kind: 'ResourceQuota', namespace, name: 'previews' };
  await client.patch(quota, {
    spec: {
      hard: { pods: '500', 'requests.cpu': '100', 'requests.memory': '100Gi', 'limits.memory': '100Gi' },
    },
  });
  const extra = String(count + 1);
  const tree = await prepared(given, extra);
  const first = await run({ tree, inputs: deploying(tree, extra), at: whole });
  const gone = await run({ tree, inputs: removing(extra), at: whole });
  if (first.result.exitCode + gone.result.exitCode !== 0) throw new Error(first.result.raw + gone.result.raw);
  const most = { deploy: first.requests, destroy: gone.requests };
  const queue = keys.values();
  const work = async (): Promise<void> => {
    for (const key of queue) {
      const kind = await killOne(key, most);
      killed.set(kind, (killed.get(kind) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const before = await contents(client, namespace);
  for (const pull of github.state.pulls) pull.closed = true;
  const base = await prepared(given, undefined);
  const started = performance.now();
  const inputs = { mode: 'sweep', confirm: 'shop/preview', 'lock-timeout': '120s' };
  const swept = await run({ tree: base, inputs, at: whole });
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  left = await contents(client, namespace);
  const rooms = before.filter(text => text.includes('.room ')).length;
  const locks = before.filter(text => /^Lease slipway\.shop\.preview-\d+ /.test(text)).length;
  console.log(
    `seed ${seed}; requests to the cluster of a whole deploy ${most.deploy}, of a removal ${most.destroy}`,
  );
  console.log('| killed in the middle of | instances |\n|---|---:|');
  for (const [kind, number] of killed) console.log(`| a ${kind} | ${number} |`);
  console.log(`before the sweep: ${before.length} objects, ${rooms} rooms, ${locks} locks of killed runs`);
  console.log(
    `the sweep: exit code ${swept.result.exitCode}, ${swept.result.outputs['changes']} removed, ${seconds} s, ${swept.requests} requests`,
  );
  console.log(`left: ${left.length} objects`);
  if (swept.result.exitCode !== 0) console.error(swept.result.raw);
} finally {
  client.close();
  await github.stop();
  await testbed.stop();
}
for (const one of [...left, ...github.problems]) console.error(one);
if (left.length + github.problems.length > 0) process.exitCode = 1;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
