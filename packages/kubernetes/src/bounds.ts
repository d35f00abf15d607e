import type { Formation } from '@slipway/core';
import { type Kind, kindKey } from './kinds.ts';
import type { ObjectReference } from './object.ts';

type Allow = NonNullable<Formation['spec']['allow']>;

/** Whether an object is in the formation's own namespace, or `allow` names its namespace or kind. */
export function isWithin(object: ObjectReference, namespace: string, allow: Allow): boolean {
  const { namespace: own } = object;
  if (own === undefined) return allowsKind(allow, object);
  return own === namespace || allow.namespaces?.includes(own) === true;
}

/** Whether `allow` names a kind as one of cluster scope, alone (`ClusterIssuer`) or with its group (`ClusterIssuer.cert-manager.io`). */
export function allowsKind({ 'cluster-scoped': kinds = [] }: Allow, kind: Kind): boolean {
  return kinds.includes(kind.kind) || kinds.includes(kindKey(kind));
}
