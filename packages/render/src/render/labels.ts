import { textMap } from '@slipway/core';
import {
  type Kind,
  kindKey,
  parseSelector,
  podTemplatePath,
  selectorKeys,
  selectorsOf,
  selects,
} from '@slipway/kubernetes';
import {
  type Origin,
  type Traced,
  type TracedEntry,
  type TracedMap,
  textAt,
  tracedAt,
  tracedToJson,
  withEntries,
} from '../trace/traced.ts';
import { changedAt } from './changed-at.ts';
import type { Draft } from './draft.ts';

/** The labels of a formation, by key. */
export type FormationLabels = ReadonlyMap<string, TracedEntry>;

/** The labels of a pod template of the formation. */
interface DescribedPods {
  readonly namespace: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Adds labels to all objects and pod templates of a formation, and to each selector that selects its pods, so that two formations in one
 * namespace do not select each other's pods. A selector of other pods, or of all pods, stays as it is.
 */
export function labelled(drafts: readonly Draft[], labels: FormationLabels): Draft[] {
  const pods = drafts.flatMap(({ traced }) => podsOf(traced));
  return drafts.map(draft => ({ ...draft, traced: labelledObject(draft.traced, labels, pods) }));
}

function kindOf(object: TracedMap): Kind {
  return { apiVersion: textAt(object, 'apiVersion') ?? '', kind: textAt(object, 'kind') ?? '' };
}

function podsOf(object: TracedMap): DescribedPods[] {
  const path = podTemplatePath(kindOf(object));
  const written = path === undefined ? undefined : tracedAt(object, ...path, 'metadata', 'labels');
  if (written === undefined) return [];
  return [{ namespace: textAt(object, 'metadata', 'namespace'), labels: textMap(tracedToJson(written)) }];
}

const WITH_CLAIM_TEMPLATES: readonly string[] = ['StatefulSet.apps', 'StatefulSet.apps.kruise.io'];

/** Keys that lead to what has `metadata.labels` in an object of a kind. */
function labelledParts(kind: Kind, template: readonly string[] | undefined): (readonly string[])[] {
  const key = kindKey(kind);
  return [
    [],
    ...(template === undefined || template.length === 0 ? [] : [template]),
    ...(key === 'CronJob.batch' ? [['spec', 'jobTemplate']] : []),
    ...(WITH_CLAIM_TEMPLATES.includes(key) ? [['spec', 'volumeClaimTemplates', '*']] : []),
  ];
}

function labelledObject(
  object: TracedMap,
  labels: FormationLabels,
  pods: readonly DescribedPods[],
): TracedMap {
  const kind = kindOf(object);
  const template = podTemplatePath(kind);
  const home = textAt(object, 'metadata', 'namespace');
  const neighbours = pods.filter(({ namespace }) => namespace === home);
  let result: Traced = object;
  for (const { path, isBare } of selectorsOf(kind))
    result = changedAt(result, path, (selector, parent) => {
      // Beside one of these fields the selector is about pods of other namespaces as well.
      if (parent !== undefined && ['namespaceSelector', 'namespaces'].some(key => parent.entries.has(key)))
        return undefined;
      const wanted = parseSelector(tracedToJson(selector), isBare);
      // An empty one selects everything in its namespace, whatever labels that has.
      if (selectorKeys(wanted).length === 0) return undefined;
      if (!neighbours.some(found => selects(wanted, found.labels))) return undefined;
      return isBare ? withLabels(selector, labels) : withMapAt(selector, 'matchLabels', labels);
    });
  for (const path of labelledParts(kind, template))
    result = changedAt(result, path, part => {
      const metadata = tracedAt(part, 'metadata') ?? emptyMap(labels);
      return withChild(part, 'metadata', withMapAt(metadata, 'labels', labels));
    });
  return result as TracedMap;
}

function withMapAt(parent: Traced, key: string, labels: FormationLabels): Traced {
  const written = tracedAt(parent, key);
  // An empty `labels:` is null and is treated as absent.
  const isAbsent = written === undefined || (written.kind === 'scalar' && written.value === null);
  return withChild(parent, key, withLabels(isAbsent ? emptyMap(labels) : written, labels));
}

function withChild(parent: Traced, key: string, child: Traced): Traced {
  if (parent.kind !== 'map') return parent;
  const entry = parent.entries.get(key);
  return withEntries(
    parent,
    new Map([[key, entry === undefined ? { key: child.origin, value: child } : { ...entry, value: child }]]),
  );
}

function withLabels(map: Traced, labels: FormationLabels): Traced {
  return map.kind === 'map' ? withEntries(map, labels) : map;
}

/** A map that exists only for the formation's labels, so its position is that of the first label. */
function emptyMap(labels: FormationLabels): TracedMap {
  const [first] = labels.values();
  if (first === undefined) throw new TypeError('there are no labels');
  const origin: Origin = { ...first.key, isAdded: true };
  return { kind: 'map', entries: new Map(), origin };
}
