import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject } from '@slipway/core';
import { accessReview, type KubernetesObject } from '@slipway/kubernetes';
import { useTestbed } from '@slipway/testbed/jest';
import { createJob, runStep } from '@slipway/testbed/runner';
import { useClient } from '@slipway/testkit/clients';
import { connect, until } from '@slipway/testkit/cluster';
import {
  type Held,
  type HoldingProxy,
  holdingProxy,
  passOn,
} from '../packages/release/test/holding-proxy.ts';
import {
  contents,
  fencedNamespace,
  files,
  open,
  type Prepared,
  prepared,
  spawned,
} from './support/instances.ts';
import { ROOT } from './support/sources.ts';
import { useSteps } from './support/use-steps.ts';

const testbed = useTestbed({ parts: ['cluster'] });
const client = useClient(() => testbed.cluster.kubeconfig);
const { github, step } = useSteps();
let spawner = '';
let spawnersClient: ClusterClient;
const proxies: HoldingProxy[] = [];

beforeAll(async () => {
  spawner = await testbed.cluster.userKubeconfig('spawner');
  spawnersClient = await connect(spawner);
});
afterAll(() => spawnersClient.close());
afterEach(() => {
  for (const proxy of proxies.splice(0)) proxy.close();
});

/** A kubeconfig that leads through a proxy. */
async function through(handle: (held: Held) => Promise<void>): Promise<string> {
  const proxy = await holdingProxy(spawner, handle);
  proxies.push(proxy);
  return proxy.kubeconfig;
}

/** GitHub, where only these pull requests are closed. */
const world = async (numbers: readonly number[], closed: readonly number[]) =>
  await github({ pulls: numbers.map(number => ({ ...open(number), closed: closed.includes(number) })) });

async function deployAll(namespace: string, numbers: readonly number[]): Promise<Prepared> {
  const hub = await world(numbers, []);
  for (const key of numbers.map(String)) {
    const tree = await prepared(files(namespace, 9), key);
    const ran = await step('deploy', tree, hub, { inputs: spawned(tree, key, spawner) });
    expect(ran.messages).toEqual([]);
  }
  return await prepared(files(namespace, 9), undefined);
}

const sweep = (kubeconfig = spawner) => ({ mode: 'sweep', kubeconfig, 'lock-timeout': '60s' });
/** What there is of one instance. */
const of = (key: number, all: readonly string[]): string[] =>
  all.filter(text => new RegExp(`pr-${key}-|preview-${key}[. ]`).test(text));

const status = (code: number, reason: string, message: string): Buffer =>
  Buffer.from(JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message }));
const JSON_TYPE = { 'content-type': 'application/json' };
const FORBIDDEN = status(403, 'Forbidden', 'x is forbidden: User "spawner" cannot list resource "x"');
const answered =
  (code: number, body: Buffer) =>
  async (held: Held): Promise<void> =>
    held.answer({ status: code, headers: JSON_TYPE, body });
/** The first half of the real answer. */
const cut = async (held: Held): Promise<void> => {
  const { body, ...answer } = await held.forward();
  held.answer({ ...answer, body: body.subarray(0, body.length / 2) });
};

const ROOMS = /\/leases\?.*slipway\.dev\/spawned-from=preview/;
const RECORDS_OF_1 = /\/secrets\?.*slipway\.dev\/formation=preview-1/;
const ALL_RECORDS = /\/secrets\?labelSelector=slipway\.dev\/application=shop,slipway\.dev\/verdict/;

describe('a sweep that cannot see', () => {
  let base: Prepared;
  let before: readonly string[] = [];
  const namespace = 'unseen';
  beforeAll(async () => {
    await fencedNamespace(client, namespace);
    base = await deployAll(namespace, [1, 2]);
    before = await contents(client, namespace);
  });

  it.each<[string, RegExp, (held: Held) => Promise<void>]>([
    ['which rooms there are, as it may not', ROOMS, answered(403, FORBIDDEN)],
    ['which rooms there are, as that is not there', ROOMS, answered(404, status(404, 'NotFound', 'no'))],
    ['all of the rooms', ROOMS, cut],
    ['rooms in what is not a list', ROOMS, answered(200, Buffer.from('{}'))],
    ['which records there are, as it may not', RECORDS_OF_1, answered(403, FORBIDDEN)],
    [
      'which records there are, as that is not there',
      RECORDS_OF_1,
      answered(404, status(404, 'NotFound', 'no')),
    ],
    ['all of the records', RECORDS_OF_1, cut],
    ['records in what is not a list', RECORDS_OF_1, answered(200, Buffer.from('{}'))],
    [
      'which records there are, as the server fails',
      RECORDS_OF_1,
      answered(500, status(500, 'InternalError', 'no')),
    ],
  ])('%s, removes nothing and is red', async (_, wanted, answer) => {
    const hub = await world([1, 2], [1]);
    let asked = 0;
    const kubeconfig = await through(async held => {
      if (held.method !== 'GET' || !wanted.test(decodeURIComponent(held.url))) return await passOn(held);
      asked += 1;
      await answer(held);
    });
    const swept = await step('deploy', base, hub, { inputs: sweep(kubeconfig) });
    expect(asked).toBeGreaterThan(0);
    expect(swept.messages).not.toEqual([]);
    expect(await contents(client, namespace)).toEqual(before);
  });

  it('whether there are others without a room, is red and removes what is plainly over', async () => {
    const hub = await world([1, 2], [1]);
    const kubeconfig = await through(async held =>
      ALL_RECORDS.test(decodeURIComponent(held.url))
        ? await answered(403, FORBIDDEN)(held)
        : await passOn(held),
    );
    const swept = await step('deploy', base, hub, { inputs: sweep(kubeconfig) });
    expect(swept.messages).not.toEqual([]);
    const after = await contents(client, namespace);
    expect([of(1, after), of(2, after)]).toEqual([[], of(2, before)]);
    expect((await step('deploy', base, hub, { inputs: sweep() })).messages).toEqual([]);
    expect(await contents(client, namespace)).toEqual(after);
  });
});

/** The Role of who deploys instances, without a resource of one group. */
async function withoutRight(namespace: string, resource: string): Promise<readonly JsonObject[]> {
  const role = {
    ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', namespace, name: 'slipway-spawned' },
  };
  const rules = ((await client.get(role)) as KubernetesObject)['rules'] as readonly JsonObject[];
  const less = rules.map(rule => ({
    ...rule,
    resources: (rule['resources'] as string[]).filter(name => name !== resource),
  }));
  await client.patch(role, { rules: less });
  await until(async () => !(await mayDelete(namespace, resource)));
  return rules;
}

async function mayDelete(namespace: string, resource: string): Promise<boolean> {
  const { allowed } = await spawnersClient.review(
    accessReview({ group: '', resource, verb: 'delete', namespace }),
  );
  return allowed === true;
}

const isDelete = ({ method }: Held): boolean => method === 'DELETE';

describe('a removal', () => {
  it('that loses its rights half-way is told, and the next sweep finishes it', async () => {
    const namespace = await fencedNamespace(client, 'deprived');
    const base = await deployAll(namespace, [1, 2]);
    const before = await contents(client, namespace);
    const hub = await world([1, 2], [1]);
    let rules: Promise<readonly JsonObject[]> | undefined;
    const kubeconfig = await through(async held => {
      // Whichever of the two is deleted first, the server does not know the right to the Service by then.
      if (isDelete(held) && /\/(?:deployments|services)\//.test(held.url)) {
        rules ??= withoutRight(namespace, 'services');
        await rules;
      }
      await passOn(held);
    });
    const swept = await step('deploy', base, hub, { inputs: sweep(kubeconfig) });
    expect(swept.messages.join('\n')).toMatch(/^shop\/preview-1: .*services/);
    const between = await contents(client, namespace);
    expect(of(2, between)).toEqual(of(2, before));
    const kept = of(1, between).map(text => text.replace(/ \S+$/, ''));
    expect(kept).toEqual(expect.arrayContaining(['Lease slipway.shop.preview-1.room', 'Service pr-1-api']));
    expect(of(1, between).length).toBeLessThan(of(1, before).length);

    await client.patch(
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', namespace, name: 'slipway-spawned' },
      { rules: [...((await rules) ?? [])] },
    );
    await until(() => mayDelete(namespace, 'services'));
    // It goes on although the pull request is open by now, as most of it is gone.
    const again = await step('deploy', base, await world([1, 2], []), { inputs: sweep() });
    expect([again.messages, again.outputs['changes']]).toEqual([[], '1']);
    const after = await contents(client, namespace);
    expect([of(1, after), of(2, after)]).toEqual([[], of(2, before)]);
  });

  it('that is killed half-way is finished by the next sweep', async () => {
    const namespace = await fencedNamespace(client, 'killed');
    const base = await deployAll(namespace, [1, 2]);
    const before = await contents(client, namespace);
    const hub = await world([1, 2], []);
    const kill = new AbortController();
    const kubeconfig = await through(async held => {
      if (kill.signal.aborted) return held.break();
      await passOn(held);
      if (isDelete(held) && !held.url.includes('/leases/')) kill.abort('SIGKILL');
    });
    const job = createJob({
      ...{ workspace: base.workspace, directory: testbed.directory, path: process.env['PATH'] ?? '' },
      environment: { GITHUB_API_URL: hub.apiUrl },
    });
    const inputs = {
      ...{ mode: 'destroy', formation: 'preview', spawn: '1', confirm: 'shop/preview-1' },
      ...{ token: 'ghs_1', kubeconfig },
    };
    await runStep(job, { action: join(ROOT, 'actions/deploy'), inputs, signal: kill.signal });
    expect(kill.signal.aborted).toBe(true);
    const between = await contents(client, namespace);
    expect(of(2, between)).toEqual(of(2, before));
    expect(of(1, between).some(text => text.startsWith('Lease slipway.shop.preview-1.room '))).toBe(true);

    // The lock of the dead run, which would expire.
    await client.delete({
      ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace },
      name: 'slipway.shop.preview-1',
    });
    const swept = await step('deploy', base, hub, { inputs: sweep() });
    expect([swept.messages, swept.outputs['changes']]).toEqual([[], '1']);
    const after = await contents(client, namespace);
    expect([of(1, after), of(2, after)]).toEqual([[], of(2, before)]);
  });
});

it('a room that someone has edited is named, its instance stays, and the next sweep removes it once that is undone', async () => {
  const namespace = await fencedNamespace(client, 'edited');
  const base = await deployAll(namespace, [1, 2, 3]);
  const before = await contents(client, namespace);
  const room = (key: number) => ({
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace },
    name: `slipway.shop.preview-${key}.room`,
  });
  const saying = async (key: number, changes: object): Promise<string> => {
    const lease = (await client.get(room(key))) as KubernetesObject;
    const { annotations } = lease.metadata;
    const written = isJsonObject(annotations) ? String(annotations['slipway.dev/room']) : '';
    await write(key, JSON.stringify({ ...JSON.parse(written), ...changes }));
    return written;
  };
  const write = async (key: number, text: string): Promise<void> => {
    await client.patch(room(key), { metadata: { annotations: { 'slipway.dev/room': text } } });
  };
  // 1 is closed; 2 is open and its room says the number of 1; 3 is closed and its room says no end.
  const hub = await world([1, 2, 3], [1, 3]);
  await saying(2, { pull: 1 });
  const third = await saying(3, { expires: undefined });
  const swept = await step('deploy', base, hub, { inputs: sweep() });
  expect([swept.codes, swept.outputs['changes']]).toEqual([['room-broken', 'room-broken'], '1']);
  expect(swept.messages.join('\n')).toMatch(/preview-2[\s\S]*preview-3/);
  const between = await contents(client, namespace);
  expect([of(1, between), of(2, between), of(3, between)]).toEqual([[], of(2, before), of(3, before)]);

  await saying(2, { pull: 2 });
  await write(3, third);
  const again = await step('deploy', base, hub, { inputs: sweep() });
  expect([again.messages, again.outputs['changes']]).toEqual([[], '1']);
  const after = await contents(client, namespace);
  expect([of(2, after), of(3, after)]).toEqual([of(2, before), []]);
});
