import { type KubernetesObject, uidOf } from '@slipway/kubernetes';
import { SCALE_TARGET_MISSING } from '../windows.ts';
import { conditionOf } from './conditions.ts';
import { inProgress, ready, type Status } from './status.ts';

/** An autoscaler without metrics yet does no harm; one whose scale target is missing is a mistake. */
export function autoscaler(object: KubernetesObject): Status {
  const able = conditionOf(object, 'AbleToScale');
  if (able?.status === 'False' && able.reason === 'FailedGetScale')
    return inProgress('its target cannot be scaled', {
      troubles: [
        {
          key: `${uidOf(object)}/target`,
          reason: able.reason,
          message: `its target cannot be scaled: ${able.message}`,
          remedy: 'correct its scaleTargetRef',
          certainAfter: SCALE_TARGET_MISSING,
        },
      ],
    });
  const active = conditionOf(object, 'ScalingActive');
  return ready(active?.status === 'False' ? `it does not scale: ${active.reason}` : 'it exists');
}
