import { type KubernetesObject, uidOf } from '@slipway/kubernetes';
import { NO_STATUS_YET, SCALE_TARGET_MISSING } from '../windows.ts';
import { type Condition, conditionOf, conditionsOf } from './conditions.ts';
import { inProgress, ready, type Status, unknown } from './status.ts';

/**
 * Reasons for which an autoscaler never scales until its manifest changes, with the field that is wrong:
 * https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/controller/podautoscaler/horizontal.go
 */
const MISTAKES: Readonly<Record<string, readonly [problem: string, remedy: string]>> = {
  FailedGetScale: ['its target cannot be scaled', 'correct its scaleTargetRef'],
  InvalidSelector: ['its target has no selector that finds its pods', 'correct its scaleTargetRef'],
  InvalidMetricSourceType: [
    'one of its metrics has a type that does not exist',
    'correct the type of its metrics',
  ],
};

/** An autoscaler without metrics yet does no harm; one that cannot scale its target by its manifest is a mistake. */
export function autoscaler(object: KubernetesObject): Status {
  // Its first version keeps conditions in an annotation; it is asked for in the second wherever it need not match a manifest.
  if (object.apiVersion === 'autoscaling/v1')
    return unknown('autoscaling/v1 does not show its conditions: write it as autoscaling/v2');
  // Its controller looks at all of them every 15 s, and only then says what is wrong with one.
  if (conditionsOf(object).length === 0)
    return inProgress('it has no conditions yet', { unknownAfter: NO_STATUS_YET });
  const [able, active] = [conditionOf(object, 'AbleToScale'), conditionOf(object, 'ScalingActive')];
  const mistake = [able, active].find(
    condition => condition?.status === 'False' && Object.hasOwn(MISTAKES, condition.reason),
  );
  if (mistake !== undefined) return mistaken(object, mistake);
  return ready(
    active?.status === 'False'
      ? `it does not scale: status.conditions[ScalingActive] is False (${active.reason})`
      : 'it exists',
  );
}

function mistaken(object: KubernetesObject, { type, reason, message }: Condition): Status {
  const [problem = '', remedy = ''] = MISTAKES[reason] ?? [];
  const text = `${problem}: status.conditions[${type}] is False (${reason}: ${message})`;
  const trouble = { key: `${uidOf(object)}/${type}/${reason}`, reason, message: text, remedy };
  return inProgress(text, { troubles: [{ ...trouble, certainAfter: SCALE_TARGET_MISSING }] });
}
