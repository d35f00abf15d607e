import { inParallel, type RecordedObject, type Release } from '@slipway/core';
import {
  annotationsOf,
  describeObject,
  formatSelector,
  isTerminating,
  type KubernetesObject,
  keyOf,
  namespaceOf,
  type ObjectReference,
  objectAt,
  objectKey,
  parseSelector,
  RELEASE,
  referenceTo,
  WAY_HOME,
} from '@slipway/kubernetes';
import {
  copyName,
  copyOfBudget,
  copyOfDeployment,
  copyOfService,
  homeCommands,
  isOnTrack,
} from '@slipway/steps';
import { recorded } from '../apply/write-object.ts';
import { awaitGone } from '../cluster/await-gone.ts';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import { isLeftover } from '../plan/foreign-copies.ts';
import { changeRecord } from '../records/records.ts';
import {
  heldOf,
  manifestsOf,
  type OpenWorkload,
  readStable,
  type StepsContext,
  workloadsOf,
} from './steps-context.ts';
import { writeLookedAt } from './write-temporary.ts';

/**
 * Brings all temporary objects as the target wants them: Services and budgets, then the Deployments with as many pods as it says. A
 * Deployment of which it wants none is not created, and is not removed here either.
 * @returns the record, which notes them
 */
export async function writeCopies(context: StepsContext, force = false): Promise<Release> {
  const { client, release } = context;
  const written: KubernetesObject[] = [];
  for (const object of besides(context)) written.push(...(await writeCopy(context, object, force)));
  for (const workload of workloadsOf(context))
    written.push(...(await writeDeployment(context, workload, force)));
  return await changeRecord(client, release, record => ({
    ...record,
    objects: record.objects.map(entry => noted(entry, written)),
  }));
}

/** The Services and budgets of the copies, as the open release wants them. */
export function besides(
  context: Pick<StepsContext, 'release' | 'stable' | 'steps'>,
): readonly KubernetesObject[] {
  const manifests = manifestsOf(context.release);
  return heldOf(context).flatMap(({ base }) => {
    const next = manifests.find(object => keyOf(object) === keyOf(base));
    // What leaves the formation is held, and needs no copy.
    if (next === undefined) return [];
    return [base.kind === 'Service' ? copyOfService(next) : copyOfBudget(next)];
  });
}

async function writeDeployment(
  context: StepsContext,
  { name, next }: OpenWorkload,
  force: boolean,
): Promise<KubernetesObject[]> {
  const size = context.steps.target.sizes[name] ?? 0;
  if (size === 0) return [];
  const reference = { ...referenceTo(next), name: copyName(name) };
  const live = await context.client.get(reference);
  // A copy that exists keeps the requests that it was created with, so that its pods do not restart.
  const like = live === undefined ? await podOfStable(context, name) : asPod(live);
  return await writeCopy(context, withWayHome(copyOfDeployment(next, size, like), context), force);
}

/** Whoever finds the copy in the cluster, where nothing says whose it is, can take users off it. */
function withWayHome(copy: KubernetesObject, { release }: StepsContext): KubernetesObject {
  const annotations = { ...annotationsOf(copy), [WAY_HOME]: homeCommands(release).join('\n') };
  return { ...copy, metadata: { ...copy.metadata, annotations } };
}

function asPod(deployment: KubernetesObject): KubernetesObject {
  const spec = objectAt(deployment, 'spec', 'template', 'spec') ?? {};
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: deployment.metadata.name }, spec };
}

/** A live pod of stable, whose requests may have been changed on admission. */
async function podOfStable(context: StepsContext, name: string): Promise<KubernetesObject | undefined> {
  const live = await readStable(context, name);
  if (live === undefined) return undefined;
  const labelSelector = formatSelector(parseSelector(objectAt(live, 'spec', 'selector')));
  const { items } = await context.client.list({
    ...{ apiVersion: 'v1', kind: 'Pod', namespace: namespaceOf(live) },
    labelSelector,
  });
  return items.find(pod => isOnTrack(pod, 'stable') && !isTerminating(pod));
}

async function writeCopy(
  context: StepsContext,
  object: KubernetesObject,
  force: boolean,
): Promise<KubernetesObject[]> {
  const { client, manager, set, signal, release } = context;
  await removeLeftover(context, object);
  const stamp = { release: String(release.number), deploymentTag: release.deploymentTag };
  const written = await writeLookedAt(
    { client, manager, set, signal, force, stampFor: () => stamp },
    referenceTo(object),
    () => object,
  );
  return written === undefined ? [] : [written];
}

/** What an earlier release in steps has left under the name of a copy has other pods, and is removed. */
async function removeLeftover(context: StepsContext, object: KubernetesObject): Promise<void> {
  const { client, set, release, logger, timeout, clock, signal } = context;
  const live = await client.get(referenceTo(object));
  if (live === undefined || !isLeftover(live, set)) return;
  if (isOwnCopy(live, release)) return;
  logger.info(`${describeObject(referenceTo(live))} was left by an earlier release in steps, and is removed`);
  await deleteAsRead(client, live, 'Foreground');
  await awaitGone([live], { client, timeout, clock, signal });
}

function isOwnCopy(live: KubernetesObject, { number }: Release): boolean {
  return objectAt(live, 'metadata', 'annotations')?.[RELEASE] === String(number);
}

function noted(entry: RecordedObject, written: readonly KubernetesObject[]): RecordedObject {
  const live = written.find(object => keyOf(object) === objectKey(entry));
  if (live === undefined) return entry;
  const { toWrite: _, ...planned } = entry;
  return { ...planned, ...recorded(live, live, true) };
}

/** The temporary objects that exist, with the entries that a record has for them. */
export async function readCopies({
  client,
  release,
}: Pick<StepsContext, 'client' | 'release'>): Promise<
  readonly { readonly entry: RecordedObject; readonly live: KubernetesObject }[]
> {
  const entries = release.objects.filter(({ copyOf }) => copyOf !== undefined);
  const found = await inParallel(entries, async entry => {
    const live = await client.get(plain(entry));
    return live === undefined ? [] : [{ entry, live }];
  });
  return found.flat();
}

function plain({ apiVersion, kind, namespace, name }: RecordedObject): ObjectReference {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
