import { describe, expect, it } from '@jest/globals';
import { type Release, type StepStrategy, silentLogger } from '@slipway/core';
import { type KubernetesObject, objectAt } from '@slipway/kubernetes';
import { type Decision, type Driven, drive } from '@slipway/steps';
import { useCluster } from '@slipway/testbed/jest';
import { useClient } from '@slipway/testkit/clients';
import { createNamespace } from '@slipway/testkit/cluster';
import { configMap, deployment, service } from '@slipway/testkit/objects';
import { deploy, requestFor } from '@slipway/testkit/releases';
import {
  cancelSteps,
  listReleases,
  prepareRelease,
  readRelease,
  type StepsGroundOptions,
  setTerms,
} from '../src/index.ts';
import { clock, codesOf, never } from './fixture.ts';
import { randomFrom } from './random-faults.ts';
import { deployInSteps, readDeployment, serveFirst, writtenIn } from './support/in-steps.ts';
import { decided, groundFor } from './support/looks.ts';

const cluster = useCluster({ nodes: 2 });
const client = useClient(() => cluster.kubeconfig);

const STRATEGY: StepStrategy = {
  steps: [{ weight: 20 }, { weight: 50, pause: 'commit', unwatched: true }],
  drain: '0s',
};
const version = (number: number): KubernetesObject[] => [
  deployment('api', { replicas: 4, container: { image: `api:${number}` } }),
  service('api'),
  configMap('settings', { version: String(number) }),
  ...(number === 1 ? [configMap('old', {})] : []),
];

const look = (release: Release, decision?: Decision, more?: Partial<StepsGroundOptions>): Promise<Driven> =>
  drive(groundFor(client, release, more), { decision, attend: 10 * 60_000 });

async function openIn(
  name: string,
  objectsOf: typeof version = version,
): Promise<{ release: Release; before: Awaited<ReturnType<typeof writtenIn>> }> {
  const namespace = await createNamespace(client, name);
  await serveFirst(client, namespace, objectsOf(1));
  const before = await writtenIn(client, namespace);
  const release = await deployInSteps(client, namespace, objectsOf(2), STRATEGY);
  const terms = { 'stable-for': '1s', timeout: '30s' };
  return { release: await setTerms(client, release, terms), before };
}

async function selectorOf({ namespace }: Release): Promise<unknown> {
  const live = await client.get({ apiVersion: 'v1', kind: 'Service', namespace, name: 'api' });
  return live && objectAt(live, 'spec', 'selector');
}

/** As manifests say, and nothing temporary. */
async function expectWhole(release: Release, number: number): Promise<void> {
  const { namespace } = release;
  expect(await selectorOf(release)).toEqual({ app: 'api' });
  expect(await readDeployment(client, namespace, 'api-next')).toBeUndefined();
  const live = await readDeployment(client, namespace, 'api');
  expect(JSON.stringify(live?.['spec'])).toContain(`api:${number}`);
}

const recordOf = (release: Release): Promise<Release> => readRelease(client, release, release.number);

it('a canary goes to its pause, and from there to its commit; what left the formation is removed then', async () => {
  const { release, before } = await openIn('drive-commit');
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'commit' });
  expect((await recordOf(release)).steps).toMatchObject({
    ...{ phase: 'waiting', 'waiting-for': 'commit' },
    target: { at: 2, selector: 'both', asked: 50, real: 50, sizes: { api: 4 } },
    results: [{ at: 0 }, { at: 1 }, { at: 2, verdict: 'passed' }],
  });
  const stable = await readDeployment(client, release.namespace, 'api');
  expect({ ...(before['Deployment api'] as object), metadata: undefined }).toMatchObject({
    spec: stable?.['spec'] as object,
  });
  const driven = await look(release, decided('continue', 'commit'));
  expect(driven).toMatchObject({ ended: 'closed', verdict: 'succeeded' });
  await expectWhole(release, 2);
  expect(Object.keys(await writtenIn(client, release.namespace)).sort()).toEqual([
    'ConfigMap settings',
    'Deployment api',
    'Service api',
  ]);
  const { steps, applied } = await recordOf(release);
  expect(steps?.phase).toBeUndefined();
  expect(applied).toBeDefined();
  expect(steps?.decisions).toMatchObject([{ what: 'continue commit', actor: 'octocat' }]);
});

/** As `version`, with a Service that has a port less in each second version. */
const portsOf = (number: number): KubernetesObject[] =>
  version(number).map(object =>
    object.kind === 'Service' && number % 2 === 1
      ? { ...object, spec: { ...(object['spec'] as object), ports: PORTS } }
      : object,
  );
const PORTS = [
  { name: 'http', port: 80 },
  { name: 'admin', port: 81 },
];

describe('a commit that takes a port from a Service', () => {
  const openWith = (name: string) => openIn(name, portsOf);

  it('is carried to its end', async () => {
    const { release } = await openWith('drive-port');
    await look(release);
    const driven = await look(release, decided('continue', 'commit'));
    expect(driven).toMatchObject({ ended: 'closed', verdict: 'succeeded' });
    await expectWhole(release, 2);
  });

  it.each(['look', 'reject'] as const)(
    'and dies once it has written that is carried on by a %s',
    async what => {
      const { release, before } = await openWith(`drive-port-${what}`);
      await look(release);
      await dieAtHeld(release);
      if (what === 'look') {
        expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'succeeded' });
        return await expectWhole(release, 2);
      }
      const driven = await look(release, decided('reject'));
      expect(driven).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
      await expectWhole(release, 1);
      expect((await writtenIn(client, release.namespace))['Service api']).toEqual(before['Service api']);
    },
  );
});

/** Commits until the Service is as the release has it, and not yet noted so. */
async function dieAtHeld(release: Release): Promise<void> {
  const dead = new AbortController();
  const dying = {
    ...client,
    within: () => dying,
    async apply(...args: Parameters<typeof client.apply>) {
      dead.signal.throwIfAborted();
      const written = await client.apply(...args);
      const [object, options] = args;
      if (options.dryRun !== true && isReleased(object)) dead.abort(new Error('killed'));
      dead.signal.throwIfAborted();
      return written;
    },
    async update(...args: Parameters<typeof client.update>) {
      dead.signal.throwIfAborted();
      return await client.update(...args);
    },
  } as typeof client;
  const driven = look(release, decided('continue', 'commit'), { client: dying });
  await expect(driven).rejects.toThrow();
  const { namespace } = release;
  const name = 'slipway.shop.staging';
  await client.delete({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace, name });
}

function isReleased(object: KubernetesObject): boolean {
  const selector = objectAt(object, 'spec', 'selector');
  const isAtCommit = objectAt(object, 'metadata', 'annotations')?.['slipway.dev/release'] === '2';
  return (
    object.kind === 'Service' && object.metadata.name === 'api' && isAtCommit && selector?.['app'] === 'api'
  );
}

it('a rejected one leaves all as it was before', async () => {
  const { release, before } = await openIn('drive-reject');
  await look(release);
  expect(await look(release, decided('reject'))).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  await expectWhole(release, 1);
  expect(Object.keys(await writtenIn(client, release.namespace)).sort()).toEqual(Object.keys(before).sort());
});

describe('users who were sent to stable by hand', () => {
  const byHand = ({ namespace }: Release) =>
    client.patch(
      { apiVersion: 'v1', kind: 'Service', namespace, name: 'api' },
      { spec: { selector: { 'slipway.dev/track': 'stable' } } },
    );

  it('stay there: a look waits, and a reject takes the rest back', async () => {
    const { release } = await openIn('drive-by-hand');
    await look(release);
    await byHand(release);
    expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'foreign-edit' });
    const driven = await look(release, decided('reject'));
    expect(driven).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    await expectWhole(release, 1);
  });

  it('stay there where the copy was removed as well, and a look undoes the release', async () => {
    const { release } = await openIn('drive-by-hand-both');
    const { namespace } = release;
    await look(release);
    await byHand(release);
    await client.delete({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'api-next' });
    expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
    await expectWhole(release, 1);
  });
});

it('a run that is cancelled sends users home at once, and the next look closes the release', async () => {
  const { release } = await openIn('drive-cancel');
  const options = { client, clock, signal: never, logger: silentLogger, repository: 'acme/shop' };
  const cancelled = await cancelSteps({
    ...{ ...options, release, holder: 'a test', timeout: 20_000, decision: decided('reject') },
  });
  expect(cancelled?.steps).toMatchObject({ phase: 'undoing', decisions: [{ what: 'reject' }] });
  expect(await readDeployment(client, release.namespace, 'api-next')).toBeUndefined();
  expect((await recordOf(release)).verdict).toBeUndefined();
  expect(await look(release)).toMatchObject({ ended: 'closed', verdict: 'rolled-back' });
  await expectWhole(release, 1);
});

it('a worker has no copy before the first share, and nothing waits for one', async () => {
  const namespace = await createNamespace(client, 'drive-worker');
  const both = (number: number): KubernetesObject[] => [
    ...version(number),
    deployment('mailer', { replicas: 4, container: { image: `mailer:${number}` } }),
    service('mailer'),
  ];
  await serveFirst(client, namespace, both(1));
  const workloads = ['api', { name: 'mailer', 'takes-work': true }];
  const begun = await deployInSteps(client, namespace, both(2), { ...STRATEGY, workloads });
  const release = await setTerms(client, begun, { 'stable-for': '1s', timeout: '30s' });
  expect(release.steps?.target.sizes).toEqual({ api: expect.any(Number), mailer: 0 });
  expect(await readDeployment(client, namespace, 'mailer-next')).toBeUndefined();
  expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'commit' });
  expect((await recordOf(release)).steps?.target.sizes).toEqual({ api: 4, mailer: 4 });
  expect(await look(release, decided('continue', 'commit'))).toMatchObject({ verdict: 'succeeded' });
  await expectWhole(release, 2);
});

describe('a newer deploy', () => {
  const request = (namespace: string, number: number, strategy: StepStrategy | undefined = STRATEGY) =>
    requestFor(namespace, version(number) as never, { strategy });

  it('of the same manifests writes nothing, and is the open release', async () => {
    const { release } = await openIn('drive-same');
    const { release: again } = await deploy(client, request(release.namespace, 2));
    expect(again.number).toBe(release.number);
    expect(await listReleases(client, release)).toHaveLength(2);
  });

  it('undoes the open one to its end, which is superseded, and begins with the same stable', async () => {
    const { release } = await openIn('drive-newer');
    const { release: third } = await deploy(client, request(release.namespace, 3));
    expect(await recordOf(release)).toMatchObject({
      verdict: 'superseded',
      steps: { undo: { by: 'newer' } },
    });
    expect(third).toMatchObject({ number: 3, steps: { stable: { release: 1 }, phase: 'starting' } });
    expect(JSON.stringify(await readDeployment(client, release.namespace, 'api-next'))).toContain('api:3');
  });

  it('is refused at a pause, unless it goes without steps', async () => {
    const { release } = await openIn('drive-pause');
    await look(release);
    expect(await codesOf(deploy(client, request(release.namespace, 3)))).toEqual(['release-in-steps']);
    const { problems } = await prepareRelease({ client, request: request(release.namespace, 3) });
    expect(problems).toMatchObject([{ message: expect.stringContaining('release 2 waits for commit') }]);
    const { strategy: _, ...plain } = request(release.namespace, 3);
    const { release: third } = await deploy(client, plain);
    expect(third.steps).toBeUndefined();
    expect(await recordOf(release)).toMatchObject({ verdict: 'superseded' });
    await expectWhole(release, 3);
  });
});

const SEED = 20_261_130;

describe(`runs that are killed at any request (seed ${SEED})`, () => {
  it('leave what the next look brings to the same end', async () => {
    const random = randomFrom(SEED);
    const { release } = await openIn('drive-killed');
    const killed = async (decision?: Decision): Promise<void> => {
      const end = new AbortController();
      const kill = setTimeout(() => end.abort(new Error('killed')), 200 + random() * 2_500);
      const limit = { signal: end.signal, check: () => end.signal.throwIfAborted(), unanswered: () => {} };
      const dying = groundFor(client, release, {
        client: client.within(limit),
        signal: end.signal,
        holder: `run ${random()}`,
      });
      await drive(dying, { decision, attend: 10 * 60_000 }).catch(() => {});
      clearTimeout(kill);
    };
    for (let kills = 0; kills < 3; kills++) await killed();
    expect(await look(release)).toMatchObject({ ended: 'open', waitingFor: 'commit' });
    for (let kills = 0; kills < 3; kills++) await killed(decided('continue', 'commit'));
    const { steps } = await recordOf(release);
    const last = steps?.phase === 'waiting' ? decided('continue', 'commit') : undefined;
    await look(release, last);
    expect(await recordOf(release)).toMatchObject({ verdict: 'succeeded' });
    expect((await recordOf(release)).steps?.decisions).toMatchObject([{ what: 'continue commit' }]);
    await expectWhole(release, 2);
  });
});
