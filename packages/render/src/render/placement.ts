import { apiGroup, valueAt } from '@slipway/core';
import { isClusterScopedBuiltIn } from '../kubernetes/built-in-kinds.ts';
import type { Repository } from '../repository/repository.ts';
import { originOf, type Traced, type TracedEntry, type TracedMap, textAt } from '../trace/traced.ts';
import type { Addressed } from '../values/address.ts';
import type { Target } from '../values/address-table.ts';
import { namespaceOf } from '../words/word-resolver.ts';
import { changedAt } from './changed-at.ts';
import type { Draft } from './draft.ts';

/** Where a destination puts objects that name no namespace. */
export interface Placement {
  readonly namespace: string;
  /** Where the formation says so. */
  readonly source: Addressed<unknown>;
  /** Kinds that a CustomResourceDefinition of the repository, or the formation's `allow`, says have no namespace. */
  readonly clusterScoped: (apiVersion: string, kind: string) => boolean;
}

/**
 * Fills in `metadata.namespace` where it is absent and the kind has one. Of a kind that nobody describes it is assumed to
 * have one, as nearly all custom resources do; a CustomResourceDefinition among the stencils or `allow.cluster-scoped` says
 * otherwise. References that need a namespace get it too.
 */
export function placed(draft: Draft, placement: Placement): Draft {
  const apiVersion = textAt(draft.traced, 'apiVersion') ?? '';
  const kind = textAt(draft.traced, 'kind') ?? '';
  const isFree = isClusterScopedBuiltIn(apiVersion, kind) || placement.clusterScoped(apiVersion, kind);
  const rules = namespacedReferences.get(kind) ?? [];
  if (isFree && rules.length === 0) return draft;
  let traced: Traced = draft.traced;
  if (!isFree) traced = changedAt(traced, ['metadata'], metadata => withNamespace(metadata, placement));
  for (const path of rules)
    traced = changedAt(traced, path, reference => {
      const isOther = kind.endsWith('RoleBinding') && textAt(reference, 'kind') !== 'ServiceAccount';
      return isOther ? undefined : withNamespace(reference, placement);
    });
  return traced === draft.traced ? draft : { ...draft, traced: traced as TracedMap };
}

/** Where Kubernetes wants to be told the namespace of what is named, even if it is the object's own. */
const namespacedReferences: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['APIService', [['spec', 'service']]],
  ['ClusterRoleBinding', [['subjects', '*']]],
  ['CustomResourceDefinition', [['spec', 'conversion', 'webhook', 'clientConfig', 'service']]],
  ['MutatingWebhookConfiguration', [['webhooks', '*', 'clientConfig', 'service']]],
  ['RoleBinding', [['subjects', '*']]],
  ['ValidatingWebhookConfiguration', [['webhooks', '*', 'clientConfig', 'service']]],
]);

/** A map with a name and no namespace, with the destination's behind the name. */
function withNamespace(map: Traced, { namespace, source }: Placement): TracedMap | undefined {
  const name = map.kind === 'map' ? map.entries.get('name') : undefined;
  if (map.kind !== 'map' || name === undefined || map.entries.has('namespace')) return undefined;
  const origin = { ...originOf(name.key.document, name.key.span, [source]), isAdded: true as const };
  const entries = new Map<string, TracedEntry>();
  map.entries.forEach((entry, key) => {
    entries.set(key, entry);
    if (key === 'name')
      entries.set('namespace', { key: origin, value: { kind: 'scalar', value: namespace, origin } });
  });
  return { ...map, entries };
}

/** What a formation's file and the repository's definitions say about namespaces. */
export function placementOf(repository: Repository, target: Target): Placement {
  const { formation, destination } = target;
  const file = repository.formationFiles.get(formation);
  if (file === undefined) throw new TypeError(`no formation ${formation}`);
  const namespace = namespaceOf(repository, target);
  const at = file.document.positionOf(['spec', 'destinations', destination, 'namespace']);
  const allowed = file.formation.spec.allow?.['cluster-scoped'] ?? [];
  const defined = clusterScopedByDefinition(repository);
  return {
    namespace,
    source: { segments: ['destinations', destination, 'namespace'], content: namespace, at },
    clusterScoped: (apiVersion, kind) =>
      allowed.includes(kind) || defined.has(`${apiGroup(apiVersion)}/${kind}`),
  };
}

/** `group/kind` of the custom resources that the repository's own definitions say have no namespace. */
function clusterScopedByDefinition({ crds }: Repository): ReadonlySet<string> {
  const clusterScoped = crds.filter(({ value }) => valueAt(value, ['spec', 'scope']) === 'Cluster');
  return new Set(
    clusterScoped.map(
      ({ value }) => `${valueAt(value, ['spec', 'group'])}/${valueAt(value, ['spec', 'names', 'kind'])}`,
    ),
  );
}
