import { describe, expect, it } from '@jest/globals';
import { type JsonObject, type Release, silentLogger } from '@slipway/core';
import { referenceTo } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap } from '@slipway/testkit/objects';
import { deploy, requestFor, rewriteRecord, stepsState } from '@slipway/testkit/releases';
import {
  applySetId,
  assertWhole,
  awaitWritten,
  closeAbandoned,
  closeRelease,
  destroyFormation,
  listReleases,
  prepareRelease,
  pruneAfterSuccess,
  readHold,
  readRelease,
  rollBack,
  undoRelease,
} from '../src/index.ts';
import { clock, codesOf, deployment, never, snapshotOf } from './fixture.ts';

const cluster = useCluster();

const client = useClient(() => cluster.kubeconfig);

const STEPS = stepsState();

/** The record as it is read once the version that has steps has written it. */
async function rewrite(
  release: Release,
  changes: Readonly<Record<string, unknown>>,
  removed: keyof Release = 'stopped',
): Promise<Release> {
  await rewriteRecord(client, release, { ...changes, [removed]: undefined });
  return await readRelease(client, release, release.number);
}

/** The copy of a Deployment, in the formation's set and in its record. */
async function addCopy(release: Release): Promise<Release['objects'][number]> {
  const copy = deployment('api-next') as JsonObject & { metadata: JsonObject };
  const { namespace } = release;
  const labels = { 'applyset.kubernetes.io/part-of': applySetId(release, namespace) };
  const made = await client.create({ ...copy, metadata: { ...copy.metadata, namespace, labels } } as never);
  const uid = String(made.metadata['uid']);
  return { ...referenceTo(made), uid, written: true, half: 'first', copyOf: 'api' };
}

/** A formation whose first release succeeded, and whose second goes in steps: healthy, with something to prune, and a copy. */
async function openInSteps(name: string, removed?: keyof Release): Promise<Release> {
  const namespace = await createNamespace(client, name);
  const api = deployment('api');
  const first = await deploy(client, requestFor(namespace, [api, configMap('a', {}), configMap('left', {})]));
  await closeRelease(client, first.release, 'succeeded', clock);
  const { release } = await deploy(client, requestFor(namespace, [api, configMap('a', { a: '2' })]));
  const objects = [
    ...release.objects.map(object => ({ ...object, half: 'last' as const })),
    await addCopy(release),
  ];
  return await rewrite(release, { objects, steps: STEPS }, removed);
}

const run = () => ({ client, clock, signal: never, logger: silentLogger, repository: 'acme/shop' });
const locked = () => ({ ...run(), holder: 'a test', timeout: 20_000 });
const rollback = () => ({
  ...run(),
  actor: 'someone',
  run: '',
  reason: 'x',
  lockTimeout: 5_000,
  timeout: 20_000,
});
const identityOf = ({ application, formation, namespace }: Release) => ({
  ...{ application, formation, namespace, destination: 'main', repository: 'acme/shop' },
});
const other = (namespace: string) =>
  requestFor(namespace, [configMap('a', {})], { strategy: { steps: [{ weight: 20 }] } });
const holdUntilLifted = { since: '2026-11-29T12:00:00Z', by: 'someone', reason: 'x' };

describe('an open release in steps is left as it is, healthy or not, by', () => {
  it.each<readonly [string, string, keyof Release, (release: Release) => Promise<unknown>]>([
    ['a deploy', 'deploy', 'stopped', ({ namespace }) => deploy(client, other(namespace))],
    [
      'a deploy, when not all of it was written',
      'deploy-half',
      'applied',
      ({ namespace }) => deploy(client, other(namespace)),
    ],
    [
      'whatever closes it as succeeded',
      'close',
      'stopped',
      release => closeRelease(client, release, 'succeeded', clock),
    ],
    [
      'whatever closes it as failed',
      'close-failed',
      'applied',
      release => closeRelease(client, release, 'failed', clock),
    ],
    ['the wait for what is not written', 'await', 'applied', release => awaitWritten(release, locked())],
    ['a verification', 'verify', 'stopped', release => awaitWritten(release, locked())],
    ['pruning after a success', 'prune', 'stopped', release => pruneAfterSuccess({ ...locked(), release })],
    ['a rollback after a failure', 'rollback', 'stopped', release => rollBack({ ...rollback(), release })],
    ['a rollback by hand', 'undo', 'stopped', release => undoRelease({ ...rollback(), release })],
    [
      'a rollback by hand to a release',
      'undo-to',
      'stopped',
      release => undoRelease({ ...rollback(), release, to: 1 }),
    ],
    [
      'a rollback by hand with a hold, which is not set either',
      'undo-hold',
      'stopped',
      release => undoRelease({ ...rollback(), release, to: 1, hold: holdUntilLifted }),
    ],
  ])('%s', async (_what, name, removed, act) => {
    const release = await openInSteps(`steps-${name}`, removed);
    const before = await snapshotOf(client, release.namespace);
    expect(await codesOf(act(release))).toEqual(['release-in-steps']);
    expect(await snapshotOf(client, release.namespace)).toEqual(before);
    expect(await readRelease(client, release, 2)).toEqual(release);
  });

  it('the post step of a run that was killed, which says nothing of it', async () => {
    const release = await openInSteps('steps-abandoned', 'applied');
    const before = await snapshotOf(client, release.namespace);
    expect(await closeAbandoned(client, release, 2, clock)).toBeUndefined();
    expect(await snapshotOf(client, release.namespace)).toEqual(before);
  });

  it('a later release that closes what was left open before it', async () => {
    const release = await openInSteps('steps-earlier');
    const { namespace } = release;
    const second = await rewrite(release, { verdict: 'succeeded' }, 'steps');
    await deploy(client, requestFor(namespace, [configMap('a', { a: '3' })]));
    await rewrite(second, { verdict: undefined, steps: STEPS });
    const third = await readRelease(client, release, 3);
    await closeRelease(client, third, 'succeeded', clock);
    await deploy(client, requestFor(namespace, [configMap('a', { a: '4' })]));
    expect(await readRelease(client, release, 2)).toMatchObject({ number: 2, steps: STEPS });
    expect((await readRelease(client, release, 2)).verdict).toBeUndefined();
  });
});

it('the refusal names the release, what it waits for and the ways out, and its record is not called a contradiction', async () => {
  const release = await openInSteps('steps-told');
  assertWhole(release);
  const { problems } = await prepareRelease({
    client,
    request: { ...requestFor(release.namespace, []), strategy: { steps: [{ weight: 20 }] } },
  });
  expect(problems).toMatchObject([
    {
      code: 'release-in-steps',
      message: 'release 2 waits for commit, so that nothing is deployed',
      remedy: expect.stringContaining('"strategy: none"'),
    },
  ]);
});

describe('a record with steps of another form is of another version, and not broken, such as one', () => {
  const { target: _, ...withoutTarget } = STEPS;
  it.each<readonly [string, string, (release: Release) => Readonly<Record<string, unknown>>]>([
    [
      'whose objects are of a half that is not known',
      'half',
      ({ objects }) => ({ objects: objects.map(object => ({ ...object, half: 'middle' })) }),
    ],
    ['with a phase that is not known', 'phase', () => ({ steps: { ...STEPS, phase: 'mirroring' } })],
    ['with a field that is not known', 'field', () => ({ steps: { ...STEPS, routes: [] } })],
    [
      'with a field in its target that is not known',
      'target',
      () => ({ steps: { ...STEPS, target: { ...STEPS.target, route: 'api' } } }),
    ],
    ['without a target', 'without', () => ({ steps: withoutTarget })],
    ['with times of another type', 'times', () => ({ steps: { ...STEPS, times: 7 } })],
    ['with steps that are a list', 'list', () => ({ steps: [] })],
  ])('%s', async (_what, name, changes) => {
    const release = await openInSteps(`steps-other-${name}`);
    expect(await codesOf(rewrite(release, changes(release)))).toEqual(['record-newer']);
  });
});

it('a destroy removes the copies of an open release in steps along with all else', async () => {
  const release = await openInSteps('steps-destroy');
  const { removed, left } = await destroyFormation({ ...locked(), identity: identityOf(release) });
  expect(removed.map(({ name }) => name).sort()).toEqual(['a', 'api', 'api-next', 'left']);
  expect(left).toEqual([]);
  expect(await listReleases(client, release)).toEqual([]);
});

describe('after a release in steps that was undone before its commit', () => {
  async function undone(name: string): Promise<Release> {
    const release = await openInSteps(name);
    const { phase: _, ...steps } = STEPS;
    return await rewrite(release, { verdict: 'rolled-back', closed: '2026-11-29T12:00:00Z', steps });
  }

  it('the next one is compared with the release that serves, and removes what was left beside it', async () => {
    const release = await undone('steps-next');
    const { namespace } = release;
    const request = requestFor(namespace, [deployment('api'), configMap('a', { a: '3' })]);
    const prepared = await prepareRelease({ client, request });
    expect(prepared).toMatchObject({
      latest: 2,
      newest: { number: 2 },
      previous: { number: 1 },
      problems: [],
    });
    expect(prepared.leaving.map(({ name }) => name).sort()).toEqual(['api-next', 'left']);
    const { release: third } = await deploy(client, request);
    expect(third.pending?.map(({ name }) => name).sort()).toEqual(['api-next', 'left']);
    const closed = await closeRelease(client, third, 'succeeded', clock);
    const gone = await pruneAfterSuccess({ ...locked(), release: closed });
    expect(gone.map(({ name }) => name).sort()).toEqual(['api-next', 'left']);
  });

  it('the one before is that before the release that serves', async () => {
    const release = await undone('steps-before');
    expect(await codesOf(undoRelease({ ...rollback(), release }))).toEqual(['nothing-to-restore']);
  });

  it('the hold is that of the newest record', async () => {
    const release = await undone('steps-hold');
    await rewrite(release, { hold: holdUntilLifted });
    const { newest } = await prepareRelease({ client, request: requestFor(release.namespace, []) });
    expect(await readHold(client, release, clock(), newest)).toMatchObject({ state: 'held' });
  });
});
