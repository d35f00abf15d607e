import { formatPointer, type StepStrategy } from '@slipway/core';
import {
  describeBriefly,
  type KubernetesObject,
  keyOf,
  kindKey,
  objectsAt,
  referenceTo,
  scaleTargetKey,
  scaleTargetOf,
  textAt,
} from '@slipway/kubernetes';
import type { StepsProblem } from '../problem.ts';
import type { StepWorkload } from '../workloads/step-workload.ts';

/** The autoscalers among objects that scale a workload. */
export function scalersOf(
  workload: KubernetesObject,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  return objects.filter(object => {
    const target = scaleTargetOf(object);
    return target !== undefined && scaleTargetKey(object, target) === keyOf(workload);
  });
}

/**
 * What a workload with an autoscaler cannot do.
 * @param objects the objects of the release, and live autoscalers besides
 */
export function autoscalerProblems(
  objects: readonly KubernetesObject[],
  workloads: readonly StepWorkload[],
  { steps }: StepStrategy,
): StepsProblem[] {
  const full = steps.findIndex(({ weight }) => weight === 100);
  return workloads.flatMap(({ object }) =>
    scalersOf(object, objects).flatMap(scaler => [
      ...(full < 0 ? [] : [hundred(scaler, object, full)]),
      ...metricsOfBoth(scaler),
    ]),
  );
}

function hundred(scaler: KubernetesObject, workload: KubernetesObject, step: number): StepsProblem {
  return {
    ...{ code: 'steps-autoscaler', pointer: `/steps/${step}/weight` },
    message: `${describeBriefly(referenceTo(scaler))} scales ${describeBriefly(referenceTo(workload))}, so that a weight of 100 is refused: the pods that get no user would hide from it how busy the others are`,
    remedy: 'use weights up to 50',
  };
}

/** Metrics of the kind `Value` count what both versions do, and hold it against the pods of one. */
function metricsOfBoth(scaler: KubernetesObject): StepsProblem[] {
  const list = kindKey(scaler) === 'ScaledObject.keda.sh' ? 'triggers' : 'metrics';
  return objectsAt(scaler, 'spec', list).flatMap((metric, index) => {
    const path = valuePath(metric);
    if (path === undefined) return [];
    return [
      {
        code: 'steps-autoscaler' as const,
        object: referenceTo(scaler),
        pointer: formatPointer(['spec', list, index, ...path]),
        message: `${describeBriefly(referenceTo(scaler))} has a metric of type Value, which counts the work of both versions as that of stable`,
        remedy: 'use AverageValue, which is divided by the number of pods',
      },
    ];
  });
}

function valuePath(metric: Parameters<typeof textAt>[0]): readonly string[] | undefined {
  if (textAt(metric, 'metricType') === 'Value') return ['metricType'];
  return ['object', 'external']
    .map(kind => [kind, 'target', 'type'])
    .find(path => textAt(metric, ...path) === 'Value');
}
