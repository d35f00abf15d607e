import { describe, expect, it } from '@jest/globals';
import { type Hold, type JsonObject, type Release, silentLogger, valueAt } from '@slipway/core';
import { HOLD } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, recordOf, requestFor } from '@slipway/testkit/releases';
import {
  closeRelease,
  destroyFormation,
  liftHold,
  prepareRelease,
  readHold,
  rollBack,
  setHold,
  undoRelease,
} from '../src/index.ts';
import { clock, codesOf, never } from './fixture.ts';

const cluster = useCluster();
const client = useClient(() => cluster.kubeconfig);

const HOUR = 3_600_000;
const ownerIn = (namespace: string) => requestFor(namespace, []).identity;
const leaseIn = (namespace: string) => ({
  ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace },
  name: 'slipway.shop.staging.hold',
});

const holdFrom = (start: number, changes: Partial<Hold> = {}): Hold => ({
  ...{ by: 'alice', reason: 'the checkout loses orders', since: new Date(start).toISOString() },
  ...changes,
});
const hold = (changes: Partial<Hold> = {}): Hold => holdFrom(Date.now(), changes);
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

const push = async (namespace: string, level: string): Promise<Release> =>
  (await deploy(client, requestFor(namespace, [configMap('settings', { level })]))).release;

const undoing = (release: Release) => ({
  ...{ client, clock, signal: never, logger: silentLogger, release, repository: 'acme/shop' },
  ...{ actor: 'someone', run: 'https://github.example/run/2', reason: 'test' },
  ...{ lockTimeout: 5_000, timeout: 20_000 },
});

const destroying = (namespace: string) =>
  destroyFormation({
    ...{ client, clock, signal: never, logger: silentLogger },
    ...{ identity: requestFor(namespace, []).identity, holder: 'a test', timeout: 5_000 },
  });

const levelIn = async (namespace: string): Promise<unknown> => {
  const live = await client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'settings' });
  return valueAt(live ?? {}, ['data', 'level']);
};

const stateIn = async (namespace: string): Promise<string> =>
  (await readHold(client, ownerIn(namespace), clock())).state;

async function twoReleases(namespace: string): Promise<Release> {
  await createNamespace(client, namespace);
  await closeRelease(client, await push(namespace, 'one'), 'succeeded', clock);
  return await push(namespace, 'two');
}

describe('a formation that is held', () => {
  it('takes no release and no removal until the hold is lifted', async () => {
    await twoReleases('held');
    await setHold(client, ownerIn('held'), hold({ until: inHours(1) }));
    expect(await codesOf(push('held', 'three'))).toEqual(['formation-held']);
    expect(await codesOf(destroying('held'))).toEqual(['formation-held']);
    expect(await levelIn('held')).toBe('two');
    await liftHold(client, ownerIn('held'));
    expect((await recordOf(client, 'held', 2)).hold).toBeUndefined();
    expect(await client.get(leaseIn('held'))).toBeUndefined();
    await push('held', 'three');
    expect(await levelIn('held')).toBe('three');
  });

  it('takes none before its first release either', async () => {
    await createNamespace(client, 'held-first');
    await setHold(client, ownerIn('held-first'), hold());
    expect(await codesOf(push('held-first', 'one'))).toEqual(['formation-held']);
    expect(await levelIn('held-first')).toBeUndefined();
  });

  it('takes one again once the hold has ended, which leaves nothing when it is removed', async () => {
    await twoReleases('held-over');
    const past = holdFrom(Date.now() - 2 * HOUR, { until: inHours(-1) });
    await setHold(client, ownerIn('held-over'), past);
    await push('held-over', 'three');
    await destroying('held-over');
    expect(await client.get(leaseIn('held-over'))).toBeUndefined();
  });

  it.each<[string, (namespace: string) => Promise<unknown>]>([
    ['text', namespace => client.patch(leaseIn(namespace), noted('until monday'))],
    ['a field of another version', namespace => client.patch(leaseIn(namespace), noted('{"v":2}'))],
    ['nothing', namespace => client.patch(leaseIn(namespace), noted(null))],
    [
      'an end that is not a time',
      namespace => client.patch(leaseIn(namespace), noted(JSON.stringify(hold({ until: 'soon' })))),
    ],
  ])('is not taken for free where its Lease has %s', async (what, change) => {
    const namespace = `held-by-${what.replaceAll(' ', '-')}`;
    await twoReleases(namespace);
    await setHold(client, ownerIn(namespace), hold());
    await change(namespace);
    expect(await codesOf(push(namespace, 'three'))).toEqual(['hold-unreadable']);
    expect(await codesOf(destroying(namespace))).toEqual(['hold-unreadable']);
    expect(await levelIn(namespace)).toBe('two');
    await liftHold(client, ownerIn(namespace));
    await push(namespace, 'three');
  });

  it('stays held by its record when the Lease is deleted', async () => {
    await twoReleases('held-record');
    await setHold(client, ownerIn('held-record'), hold());
    await client.delete(leaseIn('held-record'));
    expect(await codesOf(push('held-record', 'three'))).toEqual(['formation-held']);
  });

  it('stays held as long as the longer of both says', async () => {
    await twoReleases('held-longer');
    await setHold(client, ownerIn('held-longer'), hold());
    await client.patch(leaseIn('held-longer'), noted(JSON.stringify(hold({ until: inHours(-1) }))));
    expect(await codesOf(push('held-longer', 'three'))).toEqual(['formation-held']);
  });

  it('is refused to a run that had compared before', async () => {
    await twoReleases('held-meanwhile');
    const request = requestFor('held-meanwhile', [configMap('settings', { level: 'three' })]);
    const prepared = await prepareRelease({ client, request });
    await setHold(client, ownerIn('held-meanwhile'), hold());
    const applying = deploy(client, request, undefined, { prepared, prepareAgain: async () => prepared });
    expect(await codesOf(applying)).toEqual(['formation-held']);
    expect(await levelIn('held-meanwhile')).toBe('two');
  });
});

const noted = (text: string | null): JsonObject => ({ metadata: { annotations: { [HOLD]: text } } });

describe('a rollback with a hold', () => {
  it('keeps what it restored until the hold is lifted, with the hold in its record', async () => {
    const release = await twoReleases('kept');
    const wanted = hold();
    const restored = await undoRelease({ ...undoing(release), hold: wanted });
    expect(restored.hold).toEqual(wanted);
    expect(await codesOf(push('kept', 'two'))).toEqual(['formation-held']);
    expect(await levelIn('kept')).toBe('one');
  });

  it('goes further back while the formation is held, and the hold that ends later stays', async () => {
    await twoReleases('kept-twice');
    const audit = hold({ by: 'bob', until: inHours(48) });
    await setHold(client, ownerIn('kept-twice'), audit);
    const newest = await recordOf(client, 'kept-twice', 2);
    const restored = await undoRelease({ ...undoing(newest), hold: hold({ until: inHours(1) }) });
    expect(restored.hold).toEqual(audit);
    expect(await readHold(client, ownerIn('kept-twice'), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('that is refused leaves the hold as it was', async () => {
    const release = await twoReleases('kept-not');
    expect(await codesOf(undoRelease({ ...undoing(release), to: 77, hold: hold() }))).toEqual([
      'record-missing',
    ]);
    expect(await stateIn('kept-not')).toBe('none');
    const audit = hold({ by: 'bob', until: inHours(1) });
    await setHold(client, ownerIn('kept-not'), audit);
    expect(await codesOf(undoRelease({ ...undoing(release), to: 77, hold: hold() }))).toEqual([
      'record-missing',
    ]);
    expect(await readHold(client, ownerIn('kept-not'), clock())).toEqual({ state: 'held', hold: audit });
  });

  it('of a release that failed sets none, and keeps one that there is', async () => {
    const release = await twoReleases('automatic');
    await rollBack(undoing(release));
    expect(await stateIn('automatic')).toBe('none');
    const again = await twoReleases('automatic-held');
    await setHold(client, ownerIn('automatic-held'), hold());
    const restored = await rollBack(undoing(again));
    expect(restored?.hold?.by).toBe('alice');
  });
});
