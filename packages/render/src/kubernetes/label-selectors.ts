import { isJsonObject, type JsonValue, textMap, valueAt } from '@slipway/core';

type Labels = Readonly<Record<string, string>>;

/** A place that selects pods. */
export interface SelectorRule {
  /** Keys that lead to it; `*` for each item of a list. */
  readonly path: readonly string[];
  /** Whether it is a bare map of labels, and not one with `matchLabels` and `matchExpressions`. */
  readonly isBare: boolean;
}

const workloadSelector = ['spec/selector'];
const byKind: Readonly<Record<string, readonly string[]>> = {
  DaemonSet: workloadSelector,
  Deployment: workloadSelector,
  Job: workloadSelector,
  NetworkPolicy: ['spec/podSelector', 'spec/ingress/*/from/*/podSelector', 'spec/egress/*/to/*/podSelector'],
  PodDisruptionBudget: workloadSelector,
  ReplicaSet: workloadSelector,
  Rollout: workloadSelector,
  StatefulSet: workloadSelector,
};
const bareByKind: ReadonlySet<string> = new Set(['Service', 'ReplicationController']);

/** Within the description of a pod. */
const ofPods = [
  'topologySpreadConstraints/*/labelSelector',
  ...['podAffinity', 'podAntiAffinity'].flatMap(affinity => [
    `affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/*/labelSelector`,
    `affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/*/podAffinityTerm/labelSelector`,
  ]),
];

/**
 * Where an object selects pods.
 * @param template where it describes pods itself, if it does
 */
export function selectorsOf(kind: string, template: readonly string[] | undefined): SelectorRule[] {
  const own = Object.hasOwn(byKind, kind) ? (byKind[kind] ?? []) : [];
  const inPods = template === undefined ? [] : ofPods.map(path => [...template, 'spec', ...path.split('/')]);
  return [
    ...own.map(path => ({ path: path.split('/'), isBare: false })),
    ...(bareByKind.has(kind) ? [{ path: ['spec', 'selector'], isBare: true }] : []),
    ...inPods.map(path => ({ path, isBare: false })),
  ];
}

/**
 * Whether a selector asks for something and these labels have it. One that is empty selects everything in its namespace, whatever
 * labels that has.
 */
export function selects(selector: JsonValue, isBare: boolean, labels: Labels): boolean {
  const wanted = isBare ? selector : (valueAt(selector, ['matchLabels']) ?? {});
  const expressions = isBare ? undefined : valueAt(selector, ['matchExpressions']);
  const pairs = Object.entries(textMap(wanted));
  const conditions = Array.isArray(expressions) ? expressions : [];
  if (pairs.length + conditions.length === 0) return false;
  return (
    pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    conditions.every(condition => holds(condition, labels))
  );
}

function holds(condition: JsonValue, labels: Labels): boolean {
  if (!isJsonObject(condition)) return false;
  const { key, operator, values } = condition;
  const actual = typeof key === 'string' && Object.hasOwn(labels, key) ? labels[key] : undefined;
  const isListed = Array.isArray(values) && actual !== undefined && values.includes(actual);
  switch (operator) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    default:
      return false;
  }
}
