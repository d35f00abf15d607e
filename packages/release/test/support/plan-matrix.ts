import { isDeepStrictEqual } from 'node:util';
import type { ClusterClient } from '@slipway/cluster';
import {
  inParallel,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PlannedChange,
  stringifyJson,
  valueAt,
} from '@slipway/core';
import { type KubernetesObject, RELEASE, referenceTo } from '@slipway/kubernetes';
import { createNamespace } from '@slipway/testkit/cluster';
import { deploy, requestFor } from '@slipway/testkit/releases';
import { planOf, prepareRelease } from '../../src/index.ts';
import { diffFields } from '../../src/objects/diff.ts';
import { CHANGES, KINDS } from './matrix-kinds.ts';

/** Who wrote the objects before, and with which arguments of kubectl; without them it was the formation itself. */
export const OWNERS: Readonly<Record<string, readonly string[] | undefined>> = {
  'kubectl-apply': ['apply'],
  'kubectl-create': ['create'],
  helm: ['create', '--field-manager=helm'],
  argocd: ['apply', '--server-side', '--field-manager=argocd-controller'],
  formation: undefined,
};

/** Has kubectl write objects to a namespace. */
export type Kubectl = (
  namespace: string,
  verb: readonly string[],
  objects: readonly JsonObject[],
) => Promise<void>;

export interface PlannedAndDone {
  readonly plans: number;
  readonly restarts: number;
  /** Plans that did not say what happened. */
  readonly differences: readonly string[];
}

/** Plans every change of every kind for every former owner, deploys it, and compares what was planned with what happened. */
export async function planAndDo(
  client: ClusterClient,
  kubectl: Kubectl,
  prefix: string,
  owners: readonly string[] = Object.keys(OWNERS),
): Promise<PlannedAndDone> {
  const totals = { plans: 0, restarts: 0, differences: [] as string[] };
  for (const owner of owners)
    for (const change of CHANGES) {
      const namespace = await createNamespace(client, `${prefix}-${owner}-${change}`);
      const before = KINDS.map(({ before: old }) => old);
      const verb = OWNERS[owner];
      if (verb === undefined) await deploy(client, requestFor(namespace, before));
      else await kubectl(namespace, verb, before);
      const outcome = await doOne(client, namespace, change);
      totals.plans += outcome.plans;
      totals.restarts += outcome.restarts;
      totals.differences.push(...outcome.differences.map(text => `${owner}, ${change}: ${text}`));
    }
  return totals;
}

async function doOne(client: ClusterClient, namespace: string, change: string): Promise<PlannedAndDone> {
  const request = requestFor(
    namespace,
    KINDS.map(kind => kind.after[change] ?? kind.before),
    { adopt: true },
  );
  const settled = await settledIn(client, namespace);
  const prepared = await prepareRelease({ client, request });
  const { changes } = planOf(prepared);
  const live = await states(client, prepared.objects);
  await deploy(client, request);
  const done = await states(client, prepared.objects);
  const restarted = await settledIn(client, namespace);
  const differences = changes.flatMap((planned, index) => [
    ...differing(planned, live[index], done[index]),
    ...wrongRestart(planned, settled, restarted),
  ]);
  const restarts = changes.filter(one => one.restarts === true).length;
  return { plans: changes.length, restarts, differences };
}

const states = (client: ClusterClient, objects: readonly { readonly object: KubernetesObject }[]) =>
  inParallel(objects, ({ object }) => client.get(referenceTo(object)));

/** Fields that controllers count up. */
const COUNTED = /deployment\.kubernetes\.io~1revision|deprecated\.daemonset\.template\.generation/;

function differing(
  planned: PlannedChange,
  before: KubernetesObject | undefined,
  after: KubernetesObject | undefined,
): string[] {
  if (before === undefined || after === undefined) return [`${planned.object.kind}: it is not there`];
  const said = flat(planned.fields ?? []);
  const happened = flat(diffFields(before, after));
  if (isDeepStrictEqual(said, happened)) return [];
  return [`${planned.object.kind}: planned ${stringifyJson(said)}, happened ${stringifyJson(happened)}`];
}

function flat(fields: NonNullable<PlannedChange['fields']>): JsonObject {
  const kept = fields.filter(({ pointer }) => !COUNTED.test(pointer));
  return Object.fromEntries(
    kept.map(({ pointer, before = 'nothing', after = 'nothing' }) => [
      pointer,
      [before, unstamped(after as JsonValue)],
    ]),
  ) as JsonObject;
}

/** The plan cannot know the number of the release that is stamped on its objects. */
function unstamped(value: JsonValue): JsonValue {
  if (!isJsonObject(value) || !(RELEASE in value)) return value;
  const { [RELEASE]: _number, ...others } = value;
  return others;
}

/** What shows a restart: the ReplicaSets that run pods, and the revisions that pods are brought to. */
async function settledIn(
  client: ClusterClient,
  namespace: string,
): Promise<Readonly<Record<string, string>>> {
  const until = Date.now() + 30_000;
  for (;;) {
    const workloads = await workloadsIn(client, namespace);
    const open = workloads.filter(
      ({ metadata, status }) =>
        valueAt({ status: status ?? {} }, ['status', 'observedGeneration']) !== metadata['generation'],
    );
    if (open.length === 0) return await revisionsOf(client, namespace);
    if (Date.now() > until) throw new Error(`no controller saw ${open.map(({ kind }) => kind).join(', ')}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

async function workloadsIn(client: ClusterClient, namespace: string): Promise<KubernetesObject[]> {
  const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
  const lists = await inParallel(kinds, kind => client.list({ apiVersion: 'apps/v1', kind, namespace }));
  return lists.flatMap(({ items }, index) => items.map(item => ({ ...item, kind: kinds[index] ?? '' })));
}

/** By the workload's kind and name, how many templates it has had. */
async function revisionsOf(
  client: ClusterClient,
  namespace: string,
): Promise<Readonly<Record<string, string>>> {
  const kinds = ['ReplicaSet', 'ControllerRevision'];
  const lists = await inParallel(kinds, kind => client.list({ apiVersion: 'apps/v1', kind, namespace }));
  const counts: Record<string, number> = {};
  for (const { metadata } of lists.flatMap(({ items }) => items)) {
    const owners = metadata['ownerReferences'] as unknown as
      | readonly { kind: string; name: string }[]
      | undefined;
    for (const { kind, name } of owners ?? [])
      counts[`${kind} ${name}`] = (counts[`${kind} ${name}`] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, String(count)]));
}

function wrongRestart(
  { object, restarts = false }: PlannedChange,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const key = `${object.kind} ${object.name}`;
  // A held workload's controller makes a revision that no pod is brought to.
  const isHeld = object.name.startsWith('held');
  const happened = before[key] !== after[key] && !(isHeld && object.kind !== 'Deployment');
  return restarts === happened
    ? []
    : [
        `${key}: planned ${restarts ? 'a' : 'no'} restart, but ${happened ? 'there was one' : 'there was none'}`,
      ];
}
