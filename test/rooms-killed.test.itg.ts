import { beforeAll, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { type DeliverySurroundings, makeInstanceRoom, type Pulls, sweepInstances } from '@slipway/delivery';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { connect } from '@slipway/testkit/cluster';
import { type Prepared, prepared } from './support/instances.ts';
import { created, raiseFence } from './support/room-fence.ts';

const cluster = useCluster();
const admin = useClient(() => cluster.kubeconfig);
let keeper = '';

beforeAll(async () => {
  keeper = await cluster.userKubeconfig('room-keeper');
  const client = await connect(keeper);
  await raiseFence(admin, client);
  client.close();
});

class Killed extends Error {}

/** A client whose run is killed at a request: before it is sent, or once the server has done it. */
function killedAt(
  client: ClusterClient,
  at: number,
  moment: 'before' | 'after',
  count: { asked: number },
): ClusterClient {
  const methods = ['get', 'list', 'create', 'update', 'delete'];
  return new Proxy(client, {
    get(target, name) {
      const method = Reflect.get(target, name);
      if (!methods.includes(String(name))) return method;
      return async (...given: unknown[]) => {
        const own = ++count.asked;
        if (own > at || (own === at && moment === 'before')) throw new Killed();
        const answer = await method.apply(target, given);
        if (own === at) throw new Killed();
        return answer;
      };
    },
  });
}

const silent = () => {};
const pulls = (state: 'open' | 'closed'): Pulls => ({
  look: async () => ({ state, repositoryId: 1, isOfFork: false, isDraft: false, isByBot: false }),
  repositoryId: async () => 1,
});

function surroundings({ workspace }: Prepared, client: () => Promise<ClusterClient>): DeliverySurroundings {
  return {
    workspace,
    run: { repository: 'acme/shop', actor: 'ada', url: '', server: 'https://github.com' },
    logger: { info: silent, warning: silent, debug: silent },
    signal: new AbortController().signal,
    clock: () => new Date(),
    openCluster: client,
    commits: { head: async () => undefined },
  } as unknown as DeliverySurroundings;
}

const choice = {
  ...{ application: 'slipway.yaml', formation: 'preview', destinations: [], namespace: '', context: '' },
  lockTimeout: 60_000,
};
const make = (tree: Prepared, key: string, client: () => Promise<ClusterClient>) =>
  makeInstanceRoom(
    { ...choice, spawn: { what: { text: key } } },
    { pulls: pulls('open'), isPushOfBot: false, saysNoRoom: async () => false },
    surroundings(tree, client),
  );
const sweep = (tree: Prepared, client: () => Promise<ClusterClient>) =>
  sweepInstances(
    { ...choice, confirm: 'shop/preview', reason: '' },
    pulls('closed'),
    surroundings(tree, client),
  );

const PARTS = [
  ['v1', 'ResourceQuota'],
  ['v1', 'LimitRange'],
  ['networking.k8s.io/v1', 'NetworkPolicy'],
] as const;

/** What of the fence is missing in a namespace that was given to the tenant. */
async function unfenced(namespace: string): Promise<string[]> {
  const name = 'slipway-room';
  const bound = await admin.get({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    namespace,
    name,
  });
  if (bound === undefined) return [];
  const found = await Promise.all(
    PARTS.map(async ([apiVersion, kind]) => ({
      kind,
      live: await admin.get({ apiVersion, kind, namespace, name }),
    })),
  );
  return found.flatMap(({ kind, live }) => (live === undefined ? [kind] : []));
}

async function rooms(): Promise<string[]> {
  const { items } = await admin.list({ apiVersion: 'v1', kind: 'Namespace' });
  return items.map(({ metadata }) => metadata.name).filter(name => name.startsWith('shop-pr-'));
}

it('a run that is killed at any request gives no one an open namespace, and the next run or one sweep finishes', async () => {
  const tree = await prepared(created(100), '1');
  const counted = { asked: 0 };
  await make(tree, '1', async () =>
    killedAt(await connect(keeper), Number.POSITIVE_INFINITY, 'before', counted),
  );
  expect(counted.asked).toBeGreaterThan(10);
  let key = 1;
  const again: string[] = [];
  for (let at = 1; at <= counted.asked; at++)
    for (const moment of ['before', 'after'] as const) {
      const own = String(++key);
      const killed = make(tree, own, async () => killedAt(await connect(keeper), at, moment, { asked: 0 }));
      await killed.catch((error: unknown) => {
        if (!(error instanceof Killed)) throw error;
      });
      expect([at, moment, await unfenced(`shop-pr-${own}`)]).toEqual([at, moment, []]);
      if (at % 4 === 0) {
        await make(tree, own, () => connect(keeper));
        again.push(`shop-pr-${own}`);
      }
    }
  const all = await rooms();
  expect(all).toEqual(expect.arrayContaining(again));
  expect(all.length).toBeGreaterThan(again.length);

  const sweeping = { asked: 0 };
  const cut = sweep(tree, async () => killedAt(await connect(keeper), 40, 'after', sweeping));
  await expect(cut).rejects.toBeInstanceOf(Killed);
  const [swept] = await sweep(tree, () => connect(keeper));
  expect([swept?.problems, await rooms()]).toEqual([[], []]);
}, 600_000);
