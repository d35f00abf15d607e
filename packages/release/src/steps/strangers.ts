import type { ClusterClient } from '@slipway/cluster';
import { type Release, textMap } from '@slipway/core';
import {
  describeBriefly,
  formatSelector,
  isTerminating,
  type KubernetesObject,
  keyOf,
  labelsOf,
  objectAt,
  objectKey,
  objectsAt,
  PART_OF,
  referenceTo,
  TRACK,
  textAt,
} from '@slipway/kubernetes';
import { copyName, sendsTo } from '@slipway/steps';
import { applySetId } from '../names.ts';
import { readStableRecord } from '../records/stable-record.ts';
import { isOwnCopy } from './own-copies.ts';
import { heldOf, manifestsOf, type StepsContext, workloadsOf } from './steps-context.ts';
import { readCopies } from './write-copies.ts';

type Beside = Pick<StepsContext, 'client' | 'release' | 'steps' | 'stable' | 'set'>;
type Copies = Awaited<ReturnType<typeof readCopies>>;

/**
 * What would get users once Services are as wide again as their manifests say, beside stable, and is not Slipway's to delete: a
 * Deployment under the name of a copy that someone took away from it or created again, or pods that someone left of one. In a sentence
 * with what to do; undefined if there is none, and before the end of the release.
 */
export async function strangerBeside(context: Beside, copies: Copies): Promise<string | undefined> {
  if (!isAtEnd(context)) return undefined;
  const services = wideServices(context);
  const strange = await strangeDeployment(context, services);
  if (strange !== undefined) return strange;
  // Pods of a copy that is yet to be deleted end with it.
  return copies.some(copy => isOwnCopy(context, copy)) ? undefined : await strayPods(context, services);
}

/** The same for whoever only looks; undefined as well for a release that does not wait for that. */
export async function readStranger(client: ClusterClient, release: Release): Promise<string | undefined> {
  const { steps, verdict, namespace } = release;
  if (steps?.['waiting-for'] !== 'foreign-edit' || verdict !== undefined) return undefined;
  const stable = await readStableRecord(client, release);
  const context = { client, release, steps, stable, set: applySetId(release, namespace) };
  return await strangerBeside(context, await readCopies(context));
}

/** No copy is to be there any more. */
function isAtEnd({ steps }: Beside): boolean {
  const isEnding = steps.phase === 'undoing' || steps.phase === 'committing';
  return isEnding && Object.values(steps.target.sizes).every(size => size === 0);
}

/** The held Services as they are to be at the end; one that the release brought goes with an undo. */
function wideServices(context: Beside): readonly KubernetesObject[] {
  const isCommit = context.steps.phase === 'committing';
  return heldOf(context).flatMap(({ base, isNew, reference }) => {
    if (base.kind !== 'Service' || (isNew && !isCommit)) return [];
    const released = manifestsOf(context.release).find(object => keyOf(object) === objectKey(reference));
    return [isCommit && released !== undefined ? released : base];
  });
}

async function strangeDeployment(
  context: Beside,
  services: readonly KubernetesObject[],
): Promise<string | undefined> {
  const { client, release } = context;
  for (const { name, next } of workloadsOf(context)) {
    const reference = { apiVersion: 'apps/v1', kind: 'Deployment', name: copyName(name) };
    const live = await client.get({ ...reference, namespace: release.namespace });
    if (live === undefined) continue;
    const entry = release.objects.find(one => one.copyOf !== undefined && objectKey(one) === keyOf(live));
    if (entry !== undefined && isOwnCopy(context, { entry, live })) continue;
    const senders = services.filter(service => sendsTo(service, live));
    const isWorker = !services.some(service => sendsTo(service, next));
    if (senders.length > 0 || isWorker) return deploymentSentence(context, live, senders);
  }
  return undefined;
}

function deploymentSentence(
  { set, release }: Beside,
  live: KubernetesObject,
  senders: readonly KubernetesObject[],
): string {
  const { name } = live.metadata;
  const isTaken = labelsOf(live)[PART_OF] !== set;
  const why = isTaken ? `lacks the label ${PART_OF} of the formation` : 'was created again by someone else';
  const does = senders.length === 0 ? 'its pods still take work' : narrowedFor(senders);
  const remedy = `kubectl --namespace ${release.namespace} delete deployment ${name}`;
  const relabel = senders.length === 0 ? '' : ', or give its pods labels that no Service selects';
  return `Deployment ${name} ${why}, so that Slipway does not delete it: ${does}; delete it (${remedy})${relabel}`;
}

function narrowedFor(senders: readonly KubernetesObject[]): string {
  const names = senders.map(service => describeBriefly(referenceTo(service))).join(' and ');
  return `${names} would send users to its pods, and stays narrowed to stable for that`;
}

async function strayPods(
  { client, release }: Beside,
  services: readonly KubernetesObject[],
): Promise<string | undefined> {
  const { namespace } = release;
  for (const service of services) {
    const matchLabels = { ...textMap(objectAt(service, 'spec', 'selector')), [TRACK]: 'next' };
    const labelSelector = formatSelector({ matchLabels });
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
    const pod = items.find(one => !isTerminating(one) && !isOver(one));
    if (pod === undefined) continue;
    const [kind, name] = ownerOf(pod);
    const remedy = `kubectl --namespace ${namespace} delete ${kind.toLowerCase()} ${name}`;
    return `Pod ${pod.metadata.name} is of a copy whose Deployment someone removed: ${narrowedFor([service])}; delete ${kind} ${name} (${remedy})`;
  }
  return undefined;
}

/** What would create the pod again: its ReplicaSet, or the pod itself. */
function ownerOf(pod: KubernetesObject): readonly [kind: string, name: string] {
  const owners = objectsAt(pod, 'metadata', 'ownerReferences');
  const owner = owners.find(one => one['controller'] === true);
  const [kind, name] = ['kind', 'name'].map(field => textAt(owner ?? {}, field));
  return kind === undefined || name === undefined ? ['Pod', pod.metadata.name] : [kind, name];
}

function isOver(pod: KubernetesObject): boolean {
  const phase = textAt(pod, 'status', 'phase');
  return phase === 'Succeeded' || phase === 'Failed';
}
