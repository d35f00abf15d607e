import { apiGroup, valueAt } from '@slipway/core';
import { isClusterScopedBuiltIn } from '../kubernetes/built-in-kinds.ts';
import type { Repository } from '../repository/repository.ts';
import type { Addressed } from '../values/address.ts';
import type { Target } from '../values/address-table.ts';
import type { Draft } from './draft.ts';
import { originOf, type TracedEntry, textAt, tracedAt, withEntries } from './traced.ts';
import { namespaceOf } from './word-resolver.ts';

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
 * otherwise.
 */
export function placed(draft: Draft, placement: Placement): Draft {
  const apiVersion = textAt(draft.traced, 'apiVersion') ?? '';
  const kind = textAt(draft.traced, 'kind') ?? '';
  const metadata = tracedAt(draft.traced, 'metadata');
  const name = metadata?.kind === 'map' ? metadata.entries.get('name') : undefined;
  if (metadata?.kind !== 'map' || name === undefined || metadata.entries.has('namespace')) return draft;
  if (isClusterScopedBuiltIn(apiVersion, kind) || placement.clusterScoped(apiVersion, kind)) return draft;
  const origin = {
    ...originOf(name.key.document, name.key.span, [placement.source]),
    isAdded: true as const,
  };
  const namespace = {
    key: origin,
    value: { kind: 'scalar', value: placement.namespace, origin } as const,
  };
  const entries = new Map<string, TracedEntry>();
  metadata.entries.forEach((entry, key) => {
    entries.set(key, entry);
    if (key === 'name') entries.set('namespace', namespace);
  });
  const key = draft.traced.entries.get('metadata')?.key ?? origin;
  const changes = new Map([['metadata', { key, value: { ...metadata, entries } }]]);
  return { ...draft, traced: withEntries(draft.traced, changes) };
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
