import {
  formatPosition,
  isKubernetesObject,
  type JsonValue,
  type KubernetesObject,
  objectKey,
  type Problem,
  quote,
  referenceTo,
} from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { isClusterScopedBuiltIn } from '../kubernetes/built-in-kinds.ts';
import { namingProblem } from '../kubernetes/object-names.ts';
import { notAnObject } from '../manifests/plain-object.ts';
import type { Addressed } from '../values/address.ts';
import {
  originOf,
  placeOfOrigin,
  type TracedMap,
  textAt,
  tracedAt,
  tracedToJson,
  withEntries,
} from './traced.ts';

type Report = (problem: Problem<RenderErrorCode>) => void;

/** An object that is being rendered, and the manifest that it goes into. */
export interface Draft {
  /** `manifests/api.yaml` */
  readonly file: string;
  readonly traced: TracedMap;
}

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
  const origin = originOf(name.key.document, name.key.span, [placement.source]);
  const namespace = {
    key: origin,
    value: { kind: 'scalar', value: placement.namespace, origin } as const,
  };
  const entries = new Map(
    [...metadata.entries].flatMap(([key, entry]) =>
      key === 'name'
        ? ([
            [key, entry],
            ['namespace', namespace],
          ] as const)
        : ([[key, entry]] as const),
    ),
  );
  const key = draft.traced.entries.get('metadata')?.key ?? origin;
  const changes = new Map([['metadata', { key, value: { ...metadata, entries } }]]);
  return { ...draft, traced: withEntries(draft.traced, changes) };
}

/** What identifies a draft's object, if it is one with a valid name; otherwise a problem is reported. */
export function objectOf({ traced }: Draft, report: Report): KubernetesObject | undefined {
  const name = tracedAt(traced, 'metadata', 'name') ?? traced;
  if (name.kind === 'scalar' && name.isBroken) return undefined;
  const object = identityOf(traced);
  if (!isKubernetesObject(object)) {
    report(notAnObject(object, placeOfOrigin(traced.origin)));
    return undefined;
  }
  const wrong = namingProblem(object);
  if (wrong === undefined) return object;
  report({
    code: 'object-name-invalid',
    at: placeOfOrigin(name.origin),
    message: `metadata.name ${quote(object.metadata.name)} ${wrong}`,
    remedy: 'use lower-case letters, digits, - and .',
  });
  return undefined;
}

/** Only what names an object is looked at here; the rest may be large. */
function identityOf(traced: TracedMap): JsonValue {
  const entries = ['apiVersion', 'kind', 'metadata'].flatMap(key => {
    const value = traced.entries.get(key)?.value;
    return value === undefined ? [] : [[key, tracedToJson(value)]];
  });
  return Object.fromEntries(entries);
}

/** Reports objects that are defined a second time. */
export function reportTwins(
  drafts: readonly { readonly draft: Draft; readonly object: KubernetesObject }[],
  report: Report,
): void {
  const seen = new Map<string, Draft>();
  for (const { draft, object } of drafts) {
    const key = objectKey(referenceTo(object));
    const first = seen.get(key);
    if (first === undefined) seen.set(key, draft);
    else
      report({
        code: 'object-duplicate',
        at: placeOfOrigin(draft.traced.origin),
        message: `${object.kind} ${quote(object.metadata.name)} is defined already (${formatPosition(placeOfOrigin(first.traced.origin))})`,
        remedy: 'remove or rename one of them',
      });
  }
}
