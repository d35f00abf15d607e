import { generationOf, type KubernetesObject, objectAt, uidOf } from '@slipway/kubernetes';
import { CUSTOM_RESOURCE_FAILED } from '../windows.ts';
import { type Condition, conditionsOf, notObservedYet, observedGeneration } from './conditions.ts';
import { inProgress, ready, type Status, type Trouble, unknown } from './status.ts';

/** Conditions by which controllers report readiness, the most telling first. */
const READY_CONDITIONS = [
  'Ready',
  'Available',
  'Succeeded',
  'Complete',
  'Completed',
  'Healthy',
  'Programmed',
  'Accepted',
];

/** Conditions by which they report failure: `Stalled` is from kstatus, the others are widely used. */
const FAILED_CONDITIONS = ['Stalled', 'Failed', 'Degraded'];

/**
 * A kind that is not Kubernetes' own, by those of its conditions that are about its newest generation. An object without a
 * status is unknown, and not ready by default as in
 * https://github.com/kubernetes-sigs/cli-utils/blob/v0.37.2/pkg/kstatus/README.md
 */
export function customResource(object: KubernetesObject): Status {
  if (objectAt(object, 'status') === undefined) return unknown('it has no status');
  const stale = observedGeneration(object) === undefined ? undefined : notObservedYet(object);
  if (stale !== undefined) return stale;
  const conditions = conditionsOf(object).filter(condition => isCurrent(condition, object));
  const troubles = failures(object, conditions);
  const reconciling = conditions.find(({ type, status }) => type === 'Reconciling' && status === 'True');
  if (reconciling) return inProgress(describeCondition(reconciling), { troubles });
  const telling = READY_CONDITIONS.flatMap(
    type => conditions.find(condition => condition.type === type) ?? [],
  )[0];
  if (telling?.status === 'True') return ready(`${telling.type} is True`, { troubles, progress: 1 });
  if (telling !== undefined) return inProgress(describeCondition(telling), { troubles });
  return troubles.length > 0
    ? inProgress(troubles[0]?.message ?? '', { troubles })
    : unknown('its status does not say whether it is ready');
}

function isCurrent(condition: Condition, object: KubernetesObject): boolean {
  const generation = generationOf(object);
  return (
    generation === undefined ||
    condition.observedGeneration === undefined ||
    condition.observedGeneration >= generation
  );
}

function failures(object: KubernetesObject, conditions: readonly Condition[]): readonly Trouble[] {
  return conditions
    .filter(({ type, status }) => status === 'True' && FAILED_CONDITIONS.includes(type))
    .map(condition => ({
      key: `${uidOf(object)}/${condition.type}`,
      reason: condition.reason || condition.type,
      message: describeCondition(condition),
      remedy: 'look at the log of its controller',
      certainAfter: CUSTOM_RESOURCE_FAILED,
    }));
}

function describeCondition(condition: Condition): string {
  const why = [condition.reason, condition.message].filter(text => text !== '').join(': ');
  return `${condition.type} is ${condition.status}${why === '' ? '' : ` (${why})`}`;
}
