import {
  describeBriefly,
  type KubernetesObject,
  keyOf,
  numberAt,
  referenceTo,
  TRACK,
} from '@slipway/kubernetes';
import { heldForm, isOnTrack, sendsTo, trackOf } from '@slipway/steps';
import { hasReadyPod, isEmpty } from '../plan/stable-intact.ts';
import { isReady, podsOf } from './endpoints.ts';
import { heldOf, manifestsOf, readStable, type StepsContext, workloadsOf } from './steps-context.ts';
import type { readCopies } from './write-copies.ts';

/** A workload of stable as it is now. */
export interface LiveStable {
  readonly name: string;
  /** Undefined if someone removed it. */
  readonly live: KubernetesObject | undefined;
  /** Whether its users get an answer there, or got none before the release either. */
  readonly isServing: boolean;
  /** Why its pods get no user once Services are narrowed to stable, and what to do; undefined where they do. */
  readonly unselected?: string | undefined;
}

type Copies = Awaited<ReturnType<typeof readCopies>>;

/**
 * The workloads of stable. One that was scaled to 0 serves only where that takes its users from no pod of the copy, or where the manifests
 * want it: a worker that no Service sends to may be idle.
 */
export async function readServing(context: StepsContext, copies: Copies): Promise<readonly LiveStable[]> {
  const workloads: LiveStable[] = [];
  for (const { name } of context.steps.stable.workloads) {
    const live = await readStable(context, name);
    const unselected = live && unselectedBy(context, live);
    const isServing = live !== undefined && unselected === undefined && (await serves(context, live, copies));
    workloads.push({ name, live, isServing, unselected });
  }
  return workloads;
}

/** The pods that a Deployment is to have must be those that a narrowed Service selects: else it would send users to nothing. */
function unselectedBy(context: StepsContext, live: KubernetesObject): string | undefined {
  if (isEmpty(live) || trackOf(live) === 'stable') return undefined;
  const service = senderOf(context, live);
  if (service === undefined || sendsTo(heldForm(service, 'stable'), live)) return undefined;
  const { name } = live.metadata;
  const labels = JSON.stringify({ spec: { template: { metadata: { labels: { [TRACK]: 'stable' } } } } });
  const remedy = `kubectl --namespace ${context.release.namespace} patch deployment ${name} --patch '${labels}'`;
  return `the pods of Deployment ${name} lack the label ${TRACK}: stable, so that ${describeBriefly(referenceTo(service))} would send users to nothing once it is narrowed to them; give them the label again (${remedy})`;
}

async function serves(context: StepsContext, live: KubernetesObject, copies: Copies): Promise<boolean> {
  if (hasReadyPod(live)) return isRolledOut(live) || (await hasSelectedPod(context, live));
  if (!isEmpty(live)) return false;
  return isMeantEmpty(context, live) || !hasCopy(live, copies) || !isSentTo(context, live);
}

/** The commit writes what the release itself wants; until then, and on the way back, it is as stable was. */
function isMeantEmpty({ release, stable, steps }: StepsContext, live: KubernetesObject): boolean {
  const manifests = manifestsOf(steps.phase === 'committing' ? release : stable);
  const manifest = manifests.find(object => keyOf(object) === keyOf(live));
  return manifest !== undefined && isEmpty(manifest);
}

/** Whether all of its pods are of its template as it is now, by its own status. */
function isRolledOut(live: KubernetesObject): boolean {
  const [updated, all] = ['updatedReplicas', 'replicas'].map(field => numberAt(live, 'status', field));
  const isSeen = numberAt(live, 'status', 'observedGeneration') === live.metadata['generation'];
  return isSeen && updated === all;
}

/** While it is rolled, its Ready pods may be of a template that lacked the label. */
async function hasSelectedPod(context: StepsContext, live: KubernetesObject): Promise<boolean> {
  if (senderOf(context, live) === undefined) return true;
  return (await podsOf(context, live)).some(pod => isReady(pod) && isOnTrack(pod, 'stable'));
}

/** The held Service that has its users, if any, by the manifests: the live pods may have lost what it selects. */
function senderOf(context: StepsContext, { metadata }: KubernetesObject): KubernetesObject | undefined {
  const { next } = workloadsOf(context).find(({ name }) => name === metadata.name) ?? {};
  if (next === undefined) return undefined;
  return heldOf(context).find(({ base }) => base.kind === 'Service' && sendsTo(base, next))?.base;
}

function hasCopy({ metadata }: KubernetesObject, copies: Copies): boolean {
  return copies.some(
    ({ entry, live }) => live.kind === 'Deployment' && entry.copyOf === metadata.name && !isEmpty(live),
  );
}

function isSentTo(context: StepsContext, live: KubernetesObject): boolean {
  return heldOf(context).some(({ base }) => base.kind === 'Service' && sendsTo(base, live));
}

/** How many pods each workload of stable is to have now. */
export function sizesOf(workloads: readonly LiveStable[]): Readonly<Record<string, number>> {
  return Object.fromEntries(
    workloads.map(({ name, live }) => [name, numberAt(live ?? {}, 'spec', 'replicas') ?? 0]),
  );
}
