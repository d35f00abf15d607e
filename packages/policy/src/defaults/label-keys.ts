import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { Draft } from './dependent.ts';

/** The first minor version that merges the keys of a `topologySpreadConstraints` too. */
const SPREADS_SINCE = 34;

/**
 * Merges `matchLabelKeys` and `mismatchLabelKeys` of a Pod's affinity and spread into the label selectors beside them, as the API
 * server does when it creates the Pod.
 * https://github.com/kubernetes/kubernetes/blob/v1.37.2/pkg/registry/core/pod/strategy.go#L884
 */
export function mergeLabelKeys(spec: Draft, labels: JsonObject, minor: number): void {
  const merge = (term: JsonObject): JsonObject => withLabelKeys(term, labels);
  if (isJsonObject(spec['affinity'])) {
    const affinity: Draft = { ...spec['affinity'] };
    for (const kind of ['podAffinity', 'podAntiAffinity'])
      if (isJsonObject(affinity[kind])) affinity[kind] = mergeTerms(affinity[kind], merge);
    spec['affinity'] = affinity;
  }
  const spreads = spec['topologySpreadConstraints'];
  if (minor >= SPREADS_SINCE && Array.isArray(spreads))
    spec['topologySpreadConstraints'] = eachObject(spreads, merge);
}

function mergeTerms(affinity: JsonObject, merge: (term: JsonObject) => JsonObject): JsonObject {
  const merged: Draft = { ...affinity };
  const [required, preferred] = [
    'requiredDuringSchedulingIgnoredDuringExecution',
    'preferredDuringSchedulingIgnoredDuringExecution',
  ] as const;
  if (Array.isArray(merged[required])) merged[required] = eachObject(merged[required], merge);
  if (Array.isArray(merged[preferred]))
    merged[preferred] = eachObject(merged[preferred], weighted => {
      const term = weighted['podAffinityTerm'];
      return isJsonObject(term) ? { ...weighted, podAffinityTerm: merge(term) } : weighted;
    });
  return merged;
}

function eachObject(list: readonly JsonValue[], change: (item: JsonObject) => JsonObject): JsonValue[] {
  return list.map(item => (isJsonObject(item) ? change(item) : item));
}

/** Without a selector a term selects nothing, whatever its keys are. */
function withLabelKeys(term: JsonObject, labels: JsonObject): JsonObject {
  const selector = term['labelSelector'];
  if (!isJsonObject(selector)) return term;
  const added = [
    ...requirements(term['matchLabelKeys'], 'In', labels),
    ...requirements(term['mismatchLabelKeys'], 'NotIn', labels),
  ];
  if (added.length === 0) return term;
  const given = Array.isArray(selector['matchExpressions']) ? selector['matchExpressions'] : [];
  return { ...term, labelSelector: { ...selector, matchExpressions: [...given, ...added] } };
}

/** One for each key that the pod has a label of. */
function requirements(keys: JsonValue | undefined, operator: string, labels: JsonObject): JsonObject[] {
  return (Array.isArray(keys) ? keys : []).flatMap(key =>
    typeof key === 'string' && Object.hasOwn(labels, key)
      ? [{ key, operator, values: [labels[key] as JsonValue] }]
      : [],
  );
}
