import { describe, expect, it } from '@jest/globals';
import { type Release, silentLogger } from '@slipway/core';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor, rewriteRecord } from '@slipway/testkit/releases';
import {
  closeAbandoned,
  closeRelease,
  destroyFormation,
  findUnreadable,
  listReleases,
  prepareRelease,
  pruneAfterSuccess,
  readRelease,
  rollBack,
  undoRelease,
} from '../src/index.ts';
import { clock, codesOf, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

/** What a later version might write, and this one does not know. */
const LATER = { choreography: { phase: 'waiting' } };

const writeAsLater = (release: Release, later: object = LATER): Promise<void> =>
  rewriteRecord(client, release, { ...later });

/** A formation with a release that succeeded, and one of a later version that is open. */
async function openLater(name: string, later?: object): Promise<Release> {
  const namespace = await createNamespace(client, name);
  const first = await deploy(
    client,
    requestFor(namespace, [configMap('settings', { a: '1' }), configMap('left', {})]),
  );
  await closeRelease(client, first.release, 'succeeded', clock);
  const { release } = await deploy(client, requestFor(namespace, [configMap('settings', { a: '2' })]));
  await writeAsLater(release, later);
  return release;
}

const run = { client, clock, signal: never, logger: silentLogger, repository: 'acme/shop', holder: 'a test' };
const rollback = { ...run, actor: 'someone', run: '', reason: 'x', lockTimeout: 5_000, timeout: 20_000 };
const options = () => ({ ...run, client, timeout: 5_000 });

const identityOf = ({ application, formation, namespace }: Release) => ({
  ...{ application, formation, namespace, destination: 'main', repository: 'acme/shop' },
});

describe('an open release of a newer version is changed by none of', () => {
  it.each<readonly [string, string, (release: Release) => Promise<unknown>]>([
    ['a deploy', 'deploy', ({ namespace }) => deploy(client, requestFor(namespace, []))],
    ['closing it', 'close', release => closeRelease(client, release, 'succeeded', clock)],
    [
      'closing what a killed run left',
      'abandoned',
      release => closeAbandoned(client, release, release.number, clock),
    ],
    [
      'pruning after its success',
      'prune',
      release => pruneAfterSuccess({ ...options(), release: { ...release, verdict: 'succeeded' } }),
    ],
    ['a rollback after a failure', 'rollback', release => rollBack({ ...rollback, client, release })],
    ['a rollback by hand', 'undo', release => undoRelease({ ...rollback, client, release })],
    [
      'a rollback by hand to a release',
      'undo-to',
      release => undoRelease({ ...rollback, client, release, to: 1 }),
    ],
    ['a destroy', 'destroy', release => destroyFormation({ ...options(), identity: identityOf(release) })],
  ])('%s', async (_what, name, act) => {
    const release = await openLater(`newer-${name}`);
    const before = await snapshotOf(client, release.namespace);
    expect(await codesOf(act(release))).toEqual(['record-newer']);
    expect(await snapshotOf(client, release.namespace)).toEqual(before);
    expect(await listReleases(client, release)).toMatchObject([
      { number: 2, verdict: undefined },
      { number: 1 },
    ]);
  });
});

describe('the refusal of a record of a newer version', () => {
  it.each([
    ['an unknown field', 'field', LATER, 'unknown field "choreography"'],
    ['another format', 'format', { apiVersion: 'slipway.dev/v2' }, 'its format is "slipway.dev/v2"'],
  ])('names %s, and never says that the Secret can be deleted', async (_what, name, later, said) => {
    const release = await openLater(`newer-${name}`, later);
    const { problems } = await prepareRelease({ client, request: requestFor(release.namespace, []) });
    expect(problems).toMatchObject([{ code: 'record-newer', message: expect.stringContaining(said) }]);
    expect(problems[0]?.remedy).toContain('keep the Secret');
    expect(JSON.stringify(problems)).not.toContain('kubectl delete');
    const unreadable = await findUnreadable(client, release, await listReleases(client, release));
    expect([...unreadable]).toMatchObject([[2, { code: 'record-newer' }]]);
  });

  it('is not made for what is broken in another way, too', async () => {
    const release = await openLater('newer-broken', { number: 'two' });
    expect(await codesOf(readRelease(client, release, 2))).toEqual(['record-broken']);
  });
});

it('an earlier record of a newer version stays open beside later releases', async () => {
  const namespace = await createNamespace(client, 'newer-earlier');
  const deployValue = async (value: string): Promise<Release> =>
    (await deploy(client, requestFor(namespace, [configMap('settings', { value })]))).release;
  const [first, second] = [await deployValue('1'), await deployValue('2')];
  await writeAsLater(first);
  await closeRelease(client, second, 'succeeded', clock);
  await deployValue('3');
  const entries = await listReleases(client, second);
  expect(entries).toMatchObject([{ number: 3 }, { number: 2, verdict: 'succeeded' }, { number: 1 }]);
  expect(entries[2]?.verdict).toBeUndefined();
});
