import { isJsonObject, type JsonValue, textMap } from '@slipway/core';
import { type Kind, kindKey } from './kinds.ts';
import { podTemplatePath } from './pods.ts';

type Labels = Readonly<Record<string, string>>;

/** https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/label-selector/ */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Requirement[];
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

/**
 * Whether a selector matches labels; an empty one, or none at all, matches all.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/v1/helpers.go#L33
 */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return true;
  const pairs = Object.entries(selector.matchLabels ?? {});
  return (
    pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value) &&
    (selector.matchExpressions ?? []).every(requirement => meets(requirement, labels))
  );
}

function meets({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return false;
  }
}

/**
 * A selector as a request writes it: `app=web,tier in (a,b),!old`; empty for one that matches all.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering
 */
export function formatSelector({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  return [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(formatRequirement),
  ].join(',');
}

function formatRequirement({ key, operator, values = [] }: Requirement): string {
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  }
}

/** The labels that a selector asks about. */
export function selectorKeys(selector: LabelSelector | undefined): readonly string[] {
  return [
    ...Object.keys(selector?.matchLabels ?? {}),
    ...(selector?.matchExpressions ?? []).map(({ key }) => key),
  ];
}

/**
 * A selector as someone wrote it, without the parts that have another type than they must have. Null stands for an empty text or an
 * empty requirement, as the API server reads it.
 * @param isBare whether it is a map of labels, as a Service has it
 */
export function parseSelector(value: JsonValue | undefined, isBare = false): LabelSelector {
  if (!isJsonObject(value)) return {};
  if (isBare) return { matchLabels: labelMap(value) };
  const { matchLabels, matchExpressions } = value;
  const requirements = Array.isArray(matchExpressions) ? matchExpressions : [];
  return {
    matchLabels: labelMap(matchLabels),
    // A requirement that is not one is met by nothing, as the API server refuses it.
    matchExpressions: requirements.map((requirement: JsonValue) => {
      const { key, operator, values } = isJsonObject(requirement) ? requirement : {};
      return { key: String(key ?? ''), operator: String(operator ?? ''), values: texts(values) };
    }),
  };
}

function labelMap(value: JsonValue | undefined): Labels {
  if (!isJsonObject(value)) return {};
  return textMap(Object.fromEntries(Object.entries(value).map(([key, text]) => [key, text ?? ''])));
}

function texts(value: JsonValue | undefined): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: JsonValue) => entry ?? '').filter(entry => typeof entry === 'string');
}

/** A field that selects pods. */
export interface SelectorRule {
  /** The keys that lead to it; `*` is each item of a list. */
  readonly path: readonly string[];
  /** Whether it is a map of labels, without `matchLabels` and `matchExpressions`. */
  readonly isBare: boolean;
}

const byKind: Readonly<Record<string, readonly string[]>> = {
  'DaemonSet.apps': ['spec/selector'],
  'DaemonSet.apps.kruise.io': ['spec/selector'],
  'Deployment.apps': ['spec/selector'],
  'Job.batch': ['spec/selector'],
  'NetworkPolicy.networking.k8s.io': [
    'spec/podSelector',
    'spec/ingress/*/from/*/podSelector',
    'spec/egress/*/to/*/podSelector',
  ],
  'PodDisruptionBudget.policy': ['spec/selector'],
  'ReplicaSet.apps': ['spec/selector'],
  'Rollout.argoproj.io': ['spec/selector'],
  'StatefulSet.apps': ['spec/selector'],
  'StatefulSet.apps.kruise.io': ['spec/selector'],
};
const BARE_BY_KIND: ReadonlySet<string> = new Set(['Service', 'ReplicationController']);

const IN_POD_SPECS = [
  'topologySpreadConstraints/*/labelSelector',
  ...['podAffinity', 'podAntiAffinity'].flatMap(affinity => [
    `affinity/${affinity}/requiredDuringSchedulingIgnoredDuringExecution/*/labelSelector`,
    `affinity/${affinity}/preferredDuringSchedulingIgnoredDuringExecution/*/podAffinityTerm/labelSelector`,
  ]),
];

/** Where objects of a kind select pods, in the pods that they describe too. */
export function selectorsOf(kind: Kind): readonly SelectorRule[] {
  const key = kindKey(kind);
  const own = Object.hasOwn(byKind, key) ? (byKind[key] ?? []) : [];
  const template = podTemplatePath(kind);
  const inPods =
    template === undefined ? [] : IN_POD_SPECS.map(path => [...template, 'spec', ...path.split('/')]);
  return [
    ...own.map(path => ({ path: path.split('/'), isBare: false })),
    ...(BARE_BY_KIND.has(key) ? [{ path: ['spec', 'selector'], isBare: true }] : []),
    ...inPods.map(path => ({ path, isBare: false })),
  ];
}
