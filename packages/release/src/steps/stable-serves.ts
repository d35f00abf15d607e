import { type KubernetesObject, keyOf, numberAt } from '@slipway/kubernetes';
import { sendsTo } from '@slipway/steps';
import { hasReadyPod, isEmpty } from '../plan/stable-intact.ts';
import { heldOf, manifestsOf, readStable, type StepsContext } from './steps-context.ts';
import type { readCopies } from './write-copies.ts';

/** A workload of stable as it is now. */
export interface LiveStable {
  readonly name: string;
  /** Undefined if someone removed it. */
  readonly live: KubernetesObject | undefined;
  /** Whether its users get an answer there, or got none before the release either. */
  readonly isServing: boolean;
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
    workloads.push({ name, live, isServing: live !== undefined && serves(context, live, copies) });
  }
  return workloads;
}

function serves(context: StepsContext, live: KubernetesObject, copies: Copies): boolean {
  if (hasReadyPod(live)) return true;
  if (!isEmpty(live)) return false;
  return isMeantEmpty(context, live) || !hasCopy(live, copies) || !isSentTo(context, live);
}

/** The commit writes what the release itself wants; until then, and on the way back, it is as stable was. */
function isMeantEmpty({ release, stable, steps }: StepsContext, live: KubernetesObject): boolean {
  const manifests = manifestsOf(steps.phase === 'committing' ? release : stable);
  const manifest = manifests.find(object => keyOf(object) === keyOf(live));
  return manifest !== undefined && isEmpty(manifest);
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
