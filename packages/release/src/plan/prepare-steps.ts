import { type Problem, quote, type StepStrategy } from '@slipway/core';
import {
  isJob,
  type KubernetesObject,
  keyOf,
  numberAt,
  objectKey,
  podReferences as podReferencesOf,
  referenceTo,
} from '@slipway/kubernetes';
import {
  advice,
  type ChosenWorkloads,
  copiesOf,
  goInSteps,
  halfOf,
  heldObjects,
  mayGoInSteps,
  podSpec,
  type StepsProblem,
  sendsTo,
  sizeInStep,
  stepList,
  trackOf,
  type WorkloadInCluster,
} from '@slipway/steps';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { restartsPods } from '../objects/pod-specs.ts';
import type { PreparedObject } from './compared.ts';
import { otherSenders } from './other-senders.ts';
import type { HeldObject, PreparedSteps, PreparedWorkload } from './prepared-steps.ts';
import { isWhole, manifestsOf, recordedOf, type StepsFacts } from './steps-facts.ts';
import { stepsRefusals } from './steps-refusals.ts';
import { tryOutSteps } from './try-out-steps.ts';

/** The steps of a release, and what speaks against them; undefined if its formation has none. */
export async function prepareSteps(
  facts: StepsFacts,
): Promise<{ readonly steps: PreparedSteps; readonly problems: readonly Problem[] } | undefined> {
  const { strategy, restores } = facts.request;
  if (strategy === undefined || restores !== undefined) return undefined;
  const named = mayGoInSteps(manifestsOf(facts), strategy, await otherClaims(facts));
  const chosen = goInSteps(inHome(named, facts), strategy, object => inCluster(facts, object));
  const steps = stepsOf(facts, chosen, strategy);
  const found = await stepsRefusals(facts, chosen.problems, steps, strategy);
  // What is refused already is not tried out.
  const canBeTried = found.length === 0 && facts.isFull && isWhole(facts);
  const tried = canBeTried ? await tryOutSteps(facts, steps) : [];
  return { steps: { ...steps, otherSenders: await sendersOf(facts, steps) }, problems: [...found, ...tried] };
}

async function sendersOf(
  facts: StepsFacts,
  { copies, held, workloads }: PreparedSteps,
): Promise<StepsProblem[]> {
  if (workloads.length === 0) return [];
  const own = [...manifestsOf(facts), ...held.map(({ base }) => base)];
  return await otherSenders(facts.client, facts.request.identity.namespace, copies, own);
}

/** The claims that pods of the release mount and that are not in it. */
async function otherClaims(facts: StepsFacts): Promise<KubernetesObject[]> {
  const manifests = manifestsOf(facts);
  const known = new Set(manifests.map(object => keyOf(object)));
  const named = manifests.flatMap(object =>
    podReferencesOf(podSpec(object))
      .filter(({ kind }) => kind === 'PersistentVolumeClaim')
      .map(({ kind, name }) => ({ ...referenceTo(object), apiVersion: 'v1', kind, name })),
  );
  const missing = new Map(named.map(reference => [objectKey(reference), reference]));
  const found = [...missing]
    .filter(([key]) => !known.has(key))
    .map(([, reference]) => unlessForbidden(facts.client.get(reference)));
  return (await Promise.all(found)).filter(claim => claim !== undefined);
}

/** Its own namespace is what a formation's record is about. */
function inHome(chosen: ChosenWorkloads, { request: { identity } }: StepsFacts): ChosenWorkloads {
  const isHome = ({ object }: ChosenWorkloads['workloads'][number]) =>
    object.metadata['namespace'] === identity.namespace;
  const others = chosen.workloads.filter(workload => !isHome(workload));
  const reason = `it is outside the namespace ${quote(identity.namespace)}`;
  return {
    ...chosen,
    workloads: chosen.workloads.filter(isHome),
    leftOut: [...chosen.leftOut, ...others.map(({ object }) => ({ object: referenceTo(object), reason }))],
  };
}

function inCluster({ objects, previous }: StepsFacts, workload: KubernetesObject): WorkloadInCluster {
  const prepared = objects.find(({ object }) => object === workload);
  const live = prepared?.live;
  if (prepared === undefined || live === undefined || previous === undefined)
    return { live: undefined, change: 'create', isTracked: false };
  const { action, answer, fields } = prepared;
  const restarts = action === 'change' && restartsPods({ before: live, after: answer ?? workload, fields });
  const change = action === 'replace' ? 'replace' : restarts ? 'restart' : 'none';
  return { live, change, isTracked: trackOf(live) === 'stable' };
}

function stepsOf(facts: StepsFacts, chosen: ChosenWorkloads, strategy: StepStrategy): PreparedSteps {
  const manifests = manifestsOf(facts);
  const workloads = chosen.workloads.flatMap((workload): PreparedWorkload[] => {
    const live = facts.objects.find(({ object }) => object === workload.object)?.live;
    return live === undefined ? [] : [{ ...workload, live, stable: numberAt(live, 'spec', 'replicas') ?? 1 }];
  });
  const held = heldOf(facts, workloads);
  const steps = stepList(strategy);
  const sizeOf = ({ stable, takesWork }: PreparedWorkload): number =>
    sizeInStep({ steps }, 0, { stable, takesWork, copy: 0 });
  const targets = workloads.map(({ object }) => object);
  return {
    workloads,
    leftOut: chosen.leftOut,
    held,
    copies: copiesOf(manifests, workloads, sizeOf),
    halves: new Map(
      facts.objects.map(prepared => [keyOf(prepared.object), halfIn(facts, prepared, targets, held)]),
    ),
    advice: advice(workloads),
    otherSenders: [],
  };
}

function halfIn(
  facts: StepsFacts,
  { object, action, live }: PreparedObject,
  workloads: readonly KubernetesObject[],
  held: readonly HeldObject[],
): 'first' | 'last' {
  const key = keyOf(object);
  if (held.some(({ base }) => keyOf(base) === key)) return 'last';
  // A Job that is replaced runs for the first time with that content.
  const isNew = action === 'create' || isJob(object);
  const before = isNew ? undefined : (recordedOf(facts).find(manifest => keyOf(manifest) === key) ?? live);
  return halfOf(object, { before, workloads });
}

/**
 * The Services and budgets that are held: those of the release, and those that it leaves behind, which would send users to the copy as
 * long as they exist.
 */
function heldOf(facts: StepsFacts, workloads: readonly PreparedWorkload[]): HeldObject[] {
  const recorded = recordedOf(facts);
  const current = new Set(manifestsOf(facts).map(object => keyOf(object)));
  const leaving = recorded.filter(object => !current.has(keyOf(object)));
  const all = [...manifestsOf(facts), ...leaving];
  const everywhere = workloads.map(workload => ({
    ...workload,
    services: all.filter(service => sendsTo(service, workload.object) || sendsTo(service, workload.live)),
  }));
  return heldObjects(all, everywhere).map(object => {
    const key = keyOf(object);
    const base = recorded.find(manifest => keyOf(manifest) === key) ?? object;
    return { base, live: facts.objects.find(one => keyOf(one.object) === key)?.live };
  });
}
