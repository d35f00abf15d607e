import type { Problem, StepStrategy } from '@slipway/core';
import { isJob, isNamedByContent, type KubernetesObject, keyOf, objectKey } from '@slipway/kubernetes';
import {
  autoscalerProblems,
  budgetProblems,
  checkProblems,
  lackingPorts,
  mayGoInSteps,
  nameProblems,
  progressProblems,
  type StepsProblem,
  selectorProblems,
  serviceProblems,
  sharedContentProblems,
  shareProblems,
  trackOf,
} from '@slipway/steps';
import { isContentKind } from '../content/naming.ts';
import { applySetId, fieldManager } from '../names.ts';
import { placeOf } from '../objects/place.ts';
import { foreignCopies } from './foreign-copies.ts';
import { liveQuotas } from './live-quotas.ts';
import { otherFormations } from './other-formations.ts';
import type { HeldObject, PreparedSteps, PreparedWorkload } from './prepared-steps.ts';
import { notIntact } from './stable-intact.ts';
import { autoscalersOf, isWhole, manifestsOf, recordedOf, type StepsFacts } from './steps-facts.ts';

/**
 * Everything that speaks against releasing in these steps, without a dry run. If an object was refused before, only the version that
 * serves is looked at: whatever else is asked would take that object for one that is not in the release.
 */
export async function stepsRefusals(
  facts: StepsFacts,
  chosen: readonly StepsProblem[],
  steps: PreparedSteps,
  strategy: StepStrategy,
): Promise<Problem[]> {
  const intact = intactProblems(facts, steps, strategy);
  if (!isWhole(facts)) return intact;
  const problems = [
    ...chosen,
    ...(steps.workloads.length === 0 ? [] : refusals(facts, steps, strategy)),
    ...(steps.workloads.length === 0 ? [] : await liveRefusals(facts, steps, strategy)),
  ];
  return [...problems.map(problem => positioned(facts, problem)), ...intact];
}

/** What others in the namespace have, and what is left of its quotas. */
async function liveRefusals(
  facts: StepsFacts,
  { copies, workloads }: PreparedSteps,
  strategy: StepStrategy,
): Promise<StepsProblem[]> {
  const { client, request } = facts;
  const { namespace } = request.identity;
  const set = applySetId(request.identity, namespace);
  const found = await Promise.all([
    foreignCopies(facts, copies),
    otherFormations(client, { namespace, set }, workloads),
    liveQuotas(client, namespace, workloads, { strategy, autoscalers: autoscalersOf(facts) }),
  ]);
  return found.flat();
}

function refusals(facts: StepsFacts, steps: PreparedSteps, strategy: StepStrategy): StepsProblem[] {
  const manifests = manifestsOf(facts);
  const { workloads, held } = steps;
  const liveOf = (object: KubernetesObject): KubernetesObject | undefined =>
    facts.objects.find(one => one.object === object)?.live;
  const autoscalers = autoscalersOf(facts);
  return [
    ...checkProblems(facts.request.verify?.checks ?? []),
    ...progressProblems(manifests),
    ...nameProblems(manifests, workloads),
    ...serviceProblems(manifests, workloads, strategy),
    ...budgetProblems(manifests, workloads, object => {
      const live = liveOf(object);
      return live !== undefined && trackOf(live) === 'stable';
    }),
    ...autoscalerProblems(autoscalers, workloads, strategy),
    ...shareProblems(autoscalers, workloads, strategy),
    ...workloads.flatMap(workload => bothVersions(workload, held)),
    ...sharedContentProblems(changedInPlace(facts), [
      ...workloads.map(({ object }) => object),
      ...manifests.filter(object => isJob(object) && steps.halves.get(keyOf(object)) === 'first'),
    ]),
  ];
}

/** What keeps a Service from sending to both versions: it has the ports and the selector of the release that serves until the commit. */
function bothVersions(
  { object, live, services }: PreparedWorkload,
  held: readonly HeldObject[],
): StepsProblem[] {
  return services.flatMap(service => {
    const base = held.find(one => keyOf(one.base) === keyOf(service))?.base ?? service;
    const isOther = base !== service;
    return [
      ...selectorProblems(service, live, object),
      ...(isOther ? selectorProblems(base, live, object) : []),
      ...(isOther ? lackingPorts(base, object) : []),
    ];
  });
}

/** ConfigMaps and Secrets that change under their name. */
function changedInPlace({ objects }: StepsFacts): KubernetesObject[] {
  return objects
    .filter(({ object, action }) => action === 'change' && isContentKind(object) && !isNamedByContent(object))
    .map(({ object }) => object);
}

function intactProblems(facts: StepsFacts, { workloads }: PreparedSteps, strategy: StepStrategy): Problem[] {
  const { previous, request } = facts;
  const served = [...workloads.map(({ live }) => live), ...refusedOf(facts, strategy)];
  if (previous === undefined || served.length === 0) return [];
  const recorded = recordedOf({ previous });
  const stable = served.flatMap(live => {
    const manifest = recorded.find(object => keyOf(object) === keyOf(live));
    return manifest === undefined ? [] : [{ manifest, live }];
  });
  return notIntact(previous, stable, fieldManager(request.identity));
}

/** The live workloads whose change was refused, such as for what someone else has changed of them. */
function refusedOf({ all, objects, members }: StepsFacts, strategy: StepStrategy): KubernetesObject[] {
  const compared = new Set(objects.map(({ object }) => keyOf(object)));
  return mayGoInSteps(all, strategy)
    .workloads.map(({ object }) => keyOf(object))
    .filter(key => !compared.has(key))
    .flatMap(key => members.get(key) ?? [])
    .filter(live => trackOf(live) === 'stable');
}

/** A problem with the position of its field. */
function positioned(
  { objects, request }: StepsFacts,
  { object, pointer, ...problem }: StepsProblem,
): Problem {
  if (object === undefined) return { at: request.strategyAt?.(pointer), ...problem };
  const found = objects.find(one => keyOf(one.object) === objectKey(object));
  return { at: found && placeOf(found, pointer), ...problem };
}
