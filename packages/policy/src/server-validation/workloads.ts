import { isJsonObject, type JsonObject, textMap, valueAt } from '@slipway/core';
import {
  type KubernetesObject,
  kindKey,
  objectAt,
  parseSelector,
  podTemplatePath,
  selects,
  textAt,
} from '@slipway/kubernetes';
import { fieldName } from '../schemas/validate.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';

const KEPT_RUNNING: ReadonlySet<string> = new Set([
  'DaemonSet.apps',
  'Deployment.apps',
  'ReplicaSet.apps',
  'ReplicationController',
  'StatefulSet.apps',
]);
const RUN_ONCE: ReadonlySet<string> = new Set(['Job.batch', 'CronJob.batch']);

/**
 * What workloads may say of their pods, and how they replace them.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/apps/validation/validation.go
 */
export function validateWorkloads(object: KubernetesObject): Refusal[] {
  const kind = kindKey(object);
  if (!KEPT_RUNNING.has(kind) && !RUN_ONCE.has(kind)) return [];
  return [
    ...restartPolicy(object, kind),
    ...(KEPT_RUNNING.has(kind) ? [...selectorProblems(object), ...deadline(object)] : []),
    ...strategy(object, kind),
  ];
}

function restartPolicy(object: KubernetesObject, kind: string): Refusal[] {
  const path = [...(podTemplatePath(object) ?? []), 'spec', 'restartPolicy'];
  const policy = textAt(object, ...path);
  if (objectAt(object, ...path.slice(0, -1)) === undefined || policy === undefined) return [];
  if (RUN_ONCE.has(kind))
    return policy === 'Always' ? [invalid(path, 'must be OnFailure or Never for a Job')] : [];
  return policy === 'OnFailure' || policy === 'Never'
    ? [invalid(path, `must be Always for a ${object.kind}`)]
    : [];
}

function deadline(object: KubernetesObject): Refusal[] {
  const path = [...(podTemplatePath(object) ?? []), 'spec', 'activeDeadlineSeconds'];
  return valueAt(object, path) === undefined ? [] : [invalid(path, `must not be set for a ${object.kind}`)];
}

/** A ReplicationController without a selector has that of its template's labels. */
function isUnlabelled(object: KubernetesObject): boolean {
  const paths = [
    ['spec', 'selector'],
    ['spec', 'template', 'metadata', 'labels'],
  ];
  return paths.every(path => Object.keys(objectAt(object, ...path) ?? {}).length === 0);
}

function selectorProblems(object: KubernetesObject): Refusal[] {
  const isBare = kindKey(object) === 'ReplicationController';
  const selector = objectAt(object, 'spec', 'selector');
  if (isBare && objectAt(object, 'spec', 'template') === undefined) return [missing(['spec', 'template'])];
  if (isBare && isUnlabelled(object)) return [missing(['spec', 'selector'])];
  if (selector === undefined && !isBare) return [missing(['spec', 'selector'])];
  if (selector === undefined || !isJsonObject(valueAt(object, ['spec', 'template']))) return [];
  const parsed = parseSelector(selector, isBare);
  const isEmpty = Object.keys(parsed.matchLabels ?? {}).length + (parsed.matchExpressions ?? []).length === 0;
  const path = ['spec', 'selector'];
  if (isEmpty) return isBare ? [] : [invalid(path, 'must not be empty')];
  const labels = ['spec', 'template', 'metadata', 'labels'];
  if (selects(parsed, textMap(objectAt(object, ...labels) ?? {}))) return [];
  return [
    {
      rule: 'schema/selector-mismatch',
      message: `${fieldName(path)} does not match ${fieldName(labels)}`,
      fix: 'give the template the labels that the selector asks for',
      path,
      other: labels,
    },
  ];
}

function strategy(object: KubernetesObject, kind: string): Refusal[] {
  if (kind === 'Deployment.apps')
    return [
      ...withoutRolling(object, 'strategy', 'Recreate'),
      ...bothZero(object, 'strategy'),
      ...progress(objectAt(object, 'spec') ?? {}),
    ];
  if (kind === 'StatefulSet.apps') return withoutRolling(object, 'updateStrategy', 'OnDelete');
  return [];
}

function withoutRolling(object: KubernetesObject, field: string, type: string): Refusal[] {
  const path = ['spec', field, 'rollingUpdate'];
  return textAt(object, 'spec', field, 'type') === type && objectAt(object, ...path) !== undefined
    ? [conflicting(path, `must not be set when the type is ${type}`, ['spec', field, 'type'])]
    : [];
}

function bothZero(object: KubernetesObject, field: string): Refusal[] {
  const path = ['spec', field, 'rollingUpdate'];
  const rolling = objectAt(object, ...path) ?? {};
  const isZero = (name: string): boolean => /^0%?$/.test(String(rolling[name]));
  return isZero('maxUnavailable') && isZero('maxSurge')
    ? [conflicting([...path, 'maxUnavailable'], 'must not be 0 when "maxSurge" is 0', [...path, 'maxSurge'])]
    : [];
}

function progress({ progressDeadlineSeconds: most, minReadySeconds: least = 0 }: JsonObject): Refusal[] {
  return typeof most === 'number' && typeof least === 'number' && most >= 0 && most <= least
    ? [
        conflicting(['spec', 'progressDeadlineSeconds'], 'must be more than "minReadySeconds"', [
          'spec',
          'minReadySeconds',
        ]),
      ]
    : [];
}
