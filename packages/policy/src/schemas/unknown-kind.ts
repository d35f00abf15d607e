import { nearest, quote, type Severity } from '@slipway/core';
import { apiGroup, isBuiltInGroup, type Kind } from '@slipway/kubernetes';
import type { Catalog } from './catalog.ts';
import { findRemovedVersion } from './removed-versions.ts';

export interface KindProblem {
  readonly rule: 'schema/removed-version' | 'schema/unknown-version' | 'schema/unknown-kind';
  readonly severity: Severity;
  readonly message: string;
  readonly fix: string;
  /** `/apiVersion` or `/kind`. */
  readonly pointer: string;
}

/** Why there is no schema for a kind: it was removed, is in another version, is misspelt, or is a custom resource. */
export function explainUnknownKind(apiVersion: string, kind: string, catalog: Catalog): KindProblem {
  const removed = findRemovedVersion(apiVersion, kind);
  if (removed !== undefined)
    return {
      rule: 'schema/removed-version',
      severity: 'error',
      message: `${quote(kind)} of ${quote(apiVersion)} was removed in Kubernetes 1.${removed.removedIn}`,
      fix:
        removed.replacement === undefined
          ? 'remove it'
          : `use ${removed.replacement}, and look for fields that changed`,
      pointer: '/apiVersion',
    };
  const group = apiGroup(apiVersion);
  const siblings = catalog.kinds.filter(known => apiGroup(known.apiVersion) === group);
  const versions = [...new Set(siblings.filter(known => known.kind === kind).map(known => known.apiVersion))];
  if (versions.length > 0)
    return {
      rule: 'schema/unknown-version',
      severity: 'error',
      message: `Kubernetes ${catalog.version} has no ${quote(kind)} of ${quote(apiVersion)}`,
      fix: `use ${versions.join(' or ')}`,
      pointer: '/apiVersion',
    };
  return siblings.length > 0
    ? unknownKind(
        apiVersion,
        kind,
        siblings.map(known => known.kind),
      )
    : foreignKind(apiVersion, kind, catalog);
}

function unknownKind(apiVersion: string, kind: string, kinds: readonly string[]): KindProblem {
  const guess = nearest(kind, kinds);
  return {
    rule: 'schema/unknown-kind',
    severity: 'error',
    message: `there is no kind ${quote(kind)} in ${quote(apiVersion)}`,
    fix: guess === undefined ? 'check apiVersion and kind' : `did you mean ${quote(guess)}?`,
    pointer: '/kind',
  };
}

/** With more, it is rather the group of a project, such as `gateway.networking.k8s.io`. */
const MOST_WRONG_LETTERS = 2;

/** The kind in a group of Kubernetes that is written almost alike, such as `networking.k8s.i0`; no project calls its own so. */
function ofNearestGroup(apiVersion: string, owners: readonly Kind[]): Kind | undefined {
  const groups = owners.map(known => apiGroup(known.apiVersion)).filter(group => group.includes('.'));
  const group = nearest(apiGroup(apiVersion), groups, MOST_WRONG_LETTERS);
  return owners.find(known => apiGroup(known.apiVersion) === group);
}

/**
 * A kind of Kubernetes is a mistake in one of Kubernetes' own groups, and in one without a dot, which no CustomResourceDefinition may
 * have; in any other group it is a custom resource.
 */
function foreignKind(apiVersion: string, kind: string, catalog: Catalog): KindProblem {
  const owners = catalog.kinds.filter(known => known.builtIn && known.kind === kind);
  const [own] = owners;
  const group = apiGroup(apiVersion);
  const meant = isBuiltInGroup(group) || !group.includes('.') ? own : ofNearestGroup(apiVersion, owners);
  if (meant !== undefined)
    return {
      rule: 'schema/unknown-version',
      severity: 'error',
      message: `Kubernetes ${catalog.version} has no ${quote(apiVersion)}`,
      fix: `use ${meant.apiVersion}`,
      pointer: '/apiVersion',
    };
  const correction = own === undefined ? '' : `use ${own.apiVersion} if you mean Kubernetes' own; otherwise `;
  return {
    rule: 'schema/unknown-kind',
    severity: 'warning',
    message: `there is no schema for ${quote(kind)} of ${quote(apiVersion)}, so it was not checked`,
    fix: `${correction}put its CustomResourceDefinition among the manifests or policies`,
    pointer: '/kind',
  };
}
