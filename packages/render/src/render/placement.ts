import { valueAt } from '@slipway/core';
import {
  allowsKind,
  isClusterScopedBuiltIn,
  kindKey,
  kindKeyIn,
  namespacedReferences,
} from '@slipway/kubernetes';
import type { Repository } from '../repository/repository.ts';
import { originOf, type Traced, type TracedEntry, type TracedMap, textAt } from '../trace/traced.ts';
import type { Addressed } from '../values/address.ts';
import type { Target } from '../values/address-table.ts';
import { namespaceOf } from '../words/word-resolver.ts';
import { changedAt } from './changed-at.ts';
import type { Draft } from './draft.ts';

/** The namespace for objects that do not name one. */
export interface Placement {
  readonly namespace: string;
  /** The entry of the formation that sets it. */
  readonly source: Addressed<unknown>;
  /** Whether a kind is cluster-scoped by a CustomResourceDefinition of the repository or the formation's `allow`. */
  readonly clusterScoped: (apiVersion: string, kind: string) => boolean;
}

/**
 * Sets `metadata.namespace` where it is absent and the kind is namespaced. An unknown kind is assumed to be namespaced, as nearly all
 * custom resources are, unless a CustomResourceDefinition among the stencils or `allow.cluster-scoped` says that it is not. References that
 * need a namespace get it too.
 */
export function placed(draft: Draft, placement: Placement): Draft {
  const apiVersion = textAt(draft.traced, 'apiVersion') ?? '';
  const kind = textAt(draft.traced, 'kind') ?? '';
  const isFree = isClusterScopedBuiltIn({ apiVersion, kind }) || placement.clusterScoped(apiVersion, kind);
  const references = namespacedReferences({ apiVersion, kind });
  if (isFree && references === undefined) return draft;
  let traced: Traced = draft.traced;
  if (!isFree) traced = changedAt(traced, ['metadata'], metadata => withNamespace(metadata, placement));
  if (references !== undefined)
    traced = changedAt(traced, references, reference => {
      // A role may also be bound to users and groups, which have no namespace.
      const isOther = references[0] === 'subjects' && textAt(reference, 'kind') !== 'ServiceAccount';
      return isOther ? undefined : withNamespace(reference, placement);
    });
  return traced === draft.traced ? draft : { ...draft, traced: traced as TracedMap };
}

/** A map that has a name and no namespace, with the target's namespace added after the name. */
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

/** The placement by a formation's file and the definitions of the repository. */
export function placementOf(repository: Repository, target: Target): Placement {
  const { formation, destination } = target;
  const file = repository.formationFiles.get(formation);
  if (file === undefined) throw new TypeError(`no formation ${formation}`);
  const namespace = namespaceOf(repository, target);
  const { destinationsDocument = file.document } = file;
  const at = destinationsDocument.positionOf(['spec', 'destinations', destination, 'namespace']);
  const { allow = {} } = file.formation.spec;
  const defined = clusterScopedByDefinition(repository);
  return {
    namespace,
    source: { segments: ['destinations', destination, 'namespace'], content: namespace, at },
    clusterScoped: (apiVersion, kind) =>
      allowsKind(allow, { apiVersion, kind }) || defined.has(kindKey({ apiVersion, kind })),
  };
}

/** `group/kind` of the custom resources that definitions of the repository declare as cluster-scoped. */
function clusterScopedByDefinition({ crds }: Repository): ReadonlySet<string> {
  const clusterScoped = crds.filter(({ value }) => valueAt(value, ['spec', 'scope']) === 'Cluster');
  return new Set(
    clusterScoped.map(({ value }) =>
      kindKeyIn(String(valueAt(value, ['spec', 'group'])), String(valueAt(value, ['spec', 'names', 'kind']))),
    ),
  );
}
