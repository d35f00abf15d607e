import { type JsonObject, type Path, valueAt } from '@slipway/core';
import {
  type KubernetesObject,
  kindKey,
  objectAt,
  objectsAt,
  pathSegmentProblems,
  textAt,
} from '@slipway/kubernetes';
import { oneOf } from './containers.ts';
import { problemsOf } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal, type ValidationContext } from './refusal.ts';

/** https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/autoscaling/validation/validation.go, and policy beside it */
export function validateScaling(object: KubernetesObject, context: ValidationContext): Refusal[] {
  const spec = objectAt(object, 'spec');
  if (spec === undefined) return [];
  if (kindKey(object) === 'PodDisruptionBudget.policy') return budget(spec);
  if (kindKey(object) !== 'HorizontalPodAutoscaler.autoscaling') return [];
  return [...autoscaler(spec), ...targetVersion(spec, context), ...scaledToZero(object, context)];
}

function budget({ minAvailable, maxUnavailable }: JsonObject): Refusal[] {
  const isBoth = (minAvailable ?? null) !== null && (maxUnavailable ?? null) !== null;
  return isBoth
    ? [
        conflicting(['spec', 'maxUnavailable'], 'must not be set beside "minAvailable"', [
          'spec',
          'minAvailable',
        ]),
      ]
    : [];
}

function autoscaler(spec: JsonObject): Refusal[] {
  const { minReplicas: least, maxReplicas: most } = spec;
  const isReversed = typeof least === 'number' && typeof most === 'number' && most > 0 && most < least;
  return [
    ...(isReversed
      ? [conflicting(['spec', 'maxReplicas'], 'must be at least "minReplicas"', ['spec', 'minReplicas'])]
      : []),
    ...['kind', 'name']
      .filter(field => objectAt(spec, 'scaleTargetRef')?.[field] === '')
      .map(field => missing(['spec', 'scaleTargetRef', field])),
    ...['kind', 'name'].flatMap(field =>
      problemsOf(pathSegmentProblems(textAt(spec, 'scaleTargetRef', field) ?? ''), [
        'spec',
        'scaleTargetRef',
        field,
      ]),
    ),
    ...objectsAt(spec, 'metrics').flatMap((metric, index) =>
      validateMetric(metric, ['spec', 'metrics', index]),
    ),
  ];
}

/** The first minor version that is known to ask for the group of what is scaled; one that was there without it may stay. */
const GROUP_SINCE = 36;

function targetVersion(spec: JsonObject, { minor, old }: ValidationContext): Refusal[] {
  const version = textAt(spec, 'scaleTargetRef', 'apiVersion') ?? '';
  const isRight = /^[^/]+\/[^/]*$/.test(version);
  return isRight || minor < GROUP_SINCE || old !== undefined
    ? []
    : [invalid(['spec', 'scaleTargetRef', 'apiVersion'], 'must be a group and a version, such as apps/v1')];
}

/** The first minor version in which an autoscaler may scale to zero, if a metric of something other than its pods says so. */
const TO_ZERO_SINCE = 37;
/** Where autoscaling/v1 has metrics of other types. */
const METRICS_OF_V1 = 'autoscaling.alpha.kubernetes.io/metrics';

function scaledToZero(object: KubernetesObject, { minor, old }: ValidationContext): Refusal[] {
  if (valueAt(object, ['spec', 'minReplicas']) !== 0) return [];
  const path = ['spec', 'minReplicas'];
  const wasZero = old !== undefined && valueAt(old, path) === 0;
  if (minor < TO_ZERO_SINCE && !wasZero)
    return [invalid(path, `must be at least 1 before Kubernetes 1.${TO_ZERO_SINCE}`)];
  const isOther = objectsAt(object, 'spec', 'metrics').some(
    ({ type }) => type === 'Object' || type === 'External',
  );
  const isUnknown = objectAt(object, 'metadata', 'annotations')?.[METRICS_OF_V1] !== undefined;
  return isOther || isUnknown
    ? []
    : [invalid(path, 'must be at least 1 unless a metric is of the type Object or External')];
}

const FIELD_OF: Readonly<Record<string, string>> = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
};

function validateMetric(metric: JsonObject, path: Path): Refusal[] {
  const type = textAt(metric, 'type') ?? '';
  const field = Object.hasOwn(FIELD_OF, type) ? FIELD_OF[type] : undefined;
  if (field === undefined)
    return [invalid([...path, 'type'], `must be one of ${Object.keys(FIELD_OF).join(', ')}`)];
  const source = objectAt(metric, field);
  if (source === undefined) return [missing([...path, field], `which the type ${type} needs`)];
  return [
    ...oneOf(metric, Object.values(FIELD_OF), path),
    ...target(source, field, [...path, field, 'target']),
  ];
}

/** The values that the target of each type of metric may have. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  containerResource: ['averageUtilization', 'averageValue'],
  external: ['value', 'averageValue'],
  pods: ['averageValue'],
  resource: ['averageUtilization', 'averageValue'],
};

function target(source: JsonObject, field: string, path: Path): Refusal[] {
  const value = objectAt(source, 'target');
  const fields = TARGETS[field];
  return value === undefined || fields === undefined ? [] : oneOf(value, fields, path);
}
