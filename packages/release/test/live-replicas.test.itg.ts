import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, valueAt } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { connect, createNamespace } from '@slipway/testkit/cluster';
import { deploy, type ReleaseChanges, requestFor } from '@slipway/testkit/releases';
import { prepareRelease } from '../src/index.ts';
import { deployment } from './fixture.ts';

const cluster = useCluster();
let client: ClusterClient;

const GROUP = 'replicas.example';

beforeAll(async () => {
  client = await connect(cluster.kubeconfig);
  await define('keda.sh', 'v1alpha1', 'ScaledObject', {});
  await define(GROUP, 'v1', 'Fleet', scaleAt('.spec.replicas'));
  await define(GROUP, 'v1', 'Herd', scaleAt('.spec.herd.size'));
});

afterAll(() => client?.close());

const scaleAt = (specReplicasPath: string): JsonObject => ({
  subresources: { scale: { specReplicasPath, statusReplicasPath: '.status.replicas' } },
});

async function define(group: string, name: string, kind: string, changes: JsonObject): Promise<void> {
  const plural = `${kind.toLowerCase()}s`;
  await client.create({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          ...changes,
        },
      ],
    },
  });
  const until = Date.now() + 20_000;
  const list = () => client.list({ apiVersion: `${group}/${name}`, kind }).catch(() => undefined);
  while ((await list()) === undefined && Date.now() < until)
    await new Promise(resolve => setTimeout(resolve, 100));
}

type Scalable = 'Deployment' | 'StatefulSet' | 'Fleet' | 'Herd';

const VERSIONS = { Deployment: 'apps/v1', StatefulSet: 'apps/v1', Fleet: `${GROUP}/v1`, Herd: `${GROUP}/v1` };
const pathOf = (kind: Scalable): string[] =>
  kind === 'Herd' ? ['spec', 'herd', 'size'] : ['spec', 'replicas'];

/** A workload named `api`; without `replicas` it does not say how many. */
function workload(kind: Scalable, replicas?: number, changes: JsonObject = {}): JsonObject {
  const { replicas: _, ...spec } = deployment('api')['spec'] as JsonObject;
  const own = kind === 'StatefulSet' ? { serviceName: 'api' } : {};
  const number = kind === 'Herd' ? { herd: { size: replicas ?? 0 } } : { replicas: replicas ?? 0 };
  return {
    apiVersion: VERSIONS[kind],
    kind,
    metadata: { name: 'api' },
    spec: { ...spec, ...own, ...(replicas === undefined ? {} : number), ...changes },
  };
}

type Autoscaler = (kind: Scalable) => JsonObject;

const hpa: Autoscaler = kind => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'api' },
  spec: { scaleTargetRef: { apiVersion: VERSIONS[kind], kind, name: 'api' }, minReplicas: 1, maxReplicas: 9 },
});

const scaledObject: Autoscaler = kind => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'api' },
  spec: {
    scaleTargetRef:
      kind === 'Deployment' ? { name: 'api' } : { apiVersion: VERSIONS[kind], kind, name: 'api' },
  },
});

/** How the workload came to its replicas: by hand or another tool, before Slipway knew it. */
const OWNERS = {
  'a client-side apply of kubectl': (object: KubernetesObject) =>
    client.create(object, { fieldManager: 'kubectl-client-side-apply' }),
  'a server-side apply of kubectl': (object: KubernetesObject) =>
    client.apply(object, { fieldManager: 'kubectl' }),
  Helm: (object: KubernetesObject) => client.apply(object, { fieldManager: 'helm' }),
  'another formation': (object: KubernetesObject) =>
    client.apply(object, { fieldManager: 'slipway:shop/other' }),
  'someone with curl': (object: KubernetesObject) => client.create(object, { fieldManager: 'curl' }),
} as const;

interface Running {
  readonly namespace: string;
  readonly kind: Scalable;
}

const referenceTo = ({ namespace, kind }: Running): ObjectReference => ({
  apiVersion: VERSIONS[kind],
  kind,
  namespace,
  name: 'api',
});

/** Every number of replicas that the workload had since `since`, each once, as a watch reports all of its versions. */
async function numbersSince(running: Running, since: string): Promise<unknown[]> {
  const { apiVersion, kind, namespace } = referenceTo(running);
  const { resourceVersion } = await client.list({ apiVersion, kind, namespace: String(namespace) });
  const numbers = new Set<unknown>();
  const end = new AbortController();
  const query = { apiVersion, kind, namespace: String(namespace) };
  setTimeout(() => end.abort(), 2_000).unref();
  for await (const event of client.watch(query, since, end.signal)) {
    if (event.type === 'BOOKMARK') continue;
    if (event.type !== 'DELETED') numbers.add(valueAt(event.object, pathOf(running.kind)));
    if (Number(event.object.metadata['resourceVersion']) >= Number(resourceVersion)) break;
  }
  const live = await client.get(referenceTo(running));
  return [...numbers.add(valueAt(live ?? {}, pathOf(running.kind)))];
}

const versionNow = async ({ namespace, kind }: Running): Promise<string> =>
  (await client.list({ apiVersion: VERSIONS[kind], kind, namespace })).resourceVersion;

const release = (running: Running, objects: readonly JsonObject[], changes: ReleaseChanges = {}) =>
  deploy(client, requestFor(running.namespace, objects, changes));

const within = (namespace: string, object: JsonObject): KubernetesObject =>
  ({
    ...object,
    metadata: { ...(object['metadata'] as JsonObject), namespace },
  }) as unknown as KubernetesObject;

describe.each(Object.entries(OWNERS))('replicas that belong to %s', (owner, create) => {
  it.each([
    ['no number', undefined],
    ['another number', 2],
  ])(
    'stay when a release with an autoscaler adopts the workload, and its manifest says %s',
    async (_, said) => {
      const namespace = await createNamespace(
        client,
        `adopt-${owner}-${said}`.toLowerCase().replaceAll(' ', '-'),
      );
      const running: Running = { namespace, kind: 'Deployment' };
      await create(within(namespace, workload('Deployment', 6)));
      await client.create(within(namespace, hpa('Deployment')));
      const since = await versionNow(running);
      const objects = [workload('Deployment', said, { minReadySeconds: 1 }), hpa('Deployment')];
      const { prepared } = await release(running, objects, { adopt: true });
      expect(prepared.objects.flatMap(({ fields }) => fields).map(({ pointer }) => pointer)).not.toContain(
        '/spec/replicas',
      );
      await release(running, [workload('Deployment', said, { minReadySeconds: 2 }), hpa('Deployment')]);
      expect(await numbersSince(running, since)).toEqual([6]);
    },
  );
});

const AUTOSCALERS = { 'a HorizontalPodAutoscaler': hpa, 'a ScaledObject of KEDA': scaledObject };
const KINDS: readonly Scalable[] = ['Deployment', 'StatefulSet', 'Fleet', 'Herd'];
const both = Object.entries(AUTOSCALERS).flatMap(([name, autoscaler]) =>
  KINDS.map(kind => [kind, name, autoscaler] as const),
);

describe.each(both)('the replicas of a %s', (kind, name, autoscaler) => {
  const prefix = `${kind}-${name.includes('KEDA') ? 'keda' : 'hpa'}`.toLowerCase();
  const changed = { minReadySeconds: 1 };

  it(`stay when ${name} comes with the release that leaves the number to it`, async () => {
    const running = { kind, namespace: await createNamespace(client, `${prefix}-with`) };
    await release(running, [workload(kind, 5)]);
    const since = await versionNow(running);
    await release(running, [workload(kind, undefined, changed), autoscaler(kind)]);
    await release(running, [workload(kind, undefined), autoscaler(kind)]);
    expect(await numbersSince(running, since)).toEqual([5]);
  });

  it(`stay when the number is left to ${name} that someone else made`, async () => {
    const running = { kind, namespace: await createNamespace(client, `${prefix}-first`) };
    await release(running, [workload(kind, 5)]);
    await client.create(within(running.namespace, autoscaler(kind)));
    const since = await versionNow(running);
    await release(running, [workload(kind, undefined, changed)]);
    expect(await numbersSince(running, since)).toEqual([5]);
  });

  it(`stay when ${name} is added beside a number, which is dropped later`, async () => {
    const running = { kind, namespace: await createNamespace(client, `${prefix}-later`) };
    await release(running, [workload(kind, 5)]);
    const since = await versionNow(running);
    await release(running, [workload(kind, 2), autoscaler(kind)]);
    await release(running, [workload(kind, undefined, changed), autoscaler(kind)]);
    expect(await numbersSince(running, since)).toEqual([5]);
  });
});

describe('the replicas of a workload that an autoscaler has changed', () => {
  const scaled = async (name: string): Promise<Running> => {
    const running: Running = { kind: 'Deployment', namespace: await createNamespace(client, name) };
    await release(running, [workload('Deployment', 2), hpa('Deployment')]);
    await client.patch(referenceTo(running), { spec: { replicas: 7 } });
    return running;
  };

  it('stay when the workload is deleted and created again', async () => {
    const running = await scaled('created-again');
    const selector = { matchLabels: { app: 'api', tier: 'web' } };
    const { template } = workload('Deployment')['spec'] as JsonObject;
    const labelled = isJsonObject(template)
      ? { ...template, metadata: { labels: { app: 'api', tier: 'web' } } }
      : {};
    const replaced = workload('Deployment', undefined, { selector, template: labelled });
    const metadata = { name: 'api', annotations: { 'slipway.dev/replace': 'allow' } };
    const { prepared } = await release(running, [{ ...replaced, metadata }, hpa('Deployment')]);
    expect(prepared.objects[0]?.action).toBe('replace');
    expect(prepared.objects[0]?.fields.map(({ pointer }) => pointer)).not.toContain('/spec/replicas');
    const live = await client.get(referenceTo(running));
    expect(valueAt(live ?? {}, ['spec', 'selector'])).toEqual(selector);
    expect(valueAt(live ?? {}, ['spec', 'replicas'])).toBe(7);
  });

  it('stay with force-conflicts, even if they change between the comparison and the write', async () => {
    const running = await scaled('forced');
    const request = requestFor(
      running.namespace,
      [workload('Deployment', 3, { minReadySeconds: 1 }), hpa('Deployment')],
      { forceConflicts: true },
    );
    const since = await versionNow(running);
    let isScaled = false;
    const meanwhile: ClusterClient = {
      ...client,
      within: () => meanwhile,
      async apply(object, options) {
        if (options.dryRun !== true && object.kind === 'Deployment' && !isScaled) {
          isScaled = true;
          await client.patch(referenceTo(running), { spec: { replicas: 8 } });
        }
        return await client.apply(object, options);
      },
    };
    await deploy(meanwhile, request);
    expect((await client.get(referenceTo(running)))?.['spec']).toMatchObject({ minReadySeconds: 1 });
    expect((await numbersSince(running, since)).filter(number => number !== 7)).toEqual([8]);
  });

  it('are not part of a plan', async () => {
    const running = await scaled('planned');
    const request = requestFor(running.namespace, [workload('Deployment'), hpa('Deployment')]);
    const { objects } = await prepareRelease({ client, request });
    expect(objects.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });
});
