import { randomBytes } from 'node:crypto';
import { defined, isJsonObject } from '@slipway/core';
import { type KubernetesObject, LOCK_WANTED, type ObjectReference } from '@slipway/kubernetes';
import { ownerName } from '../names.ts';
import type { RecordOwner } from './records.ts';

/** What makes two runs with one address different, at the end of a holder. */
const NONCE = /#[0-9a-f]{16}$/;

/** Who asks for a Lease: one run, even if another has the same address. */
export function claimOf(holder: string): string {
  return `${holder}#${randomBytes(8).toString('hex')}`;
}

/** A Lease as one who takes it writes it. */
export function leaseOf(
  owner: RecordOwner,
  claim: string,
  { now, duration }: { readonly now: Date; readonly duration: number },
  live: KubernetesObject | undefined,
): KubernetesObject {
  const { apiVersion, kind, name, namespace } = leaseReference(owner);
  return {
    apiVersion,
    kind,
    metadata: { ...(live && withoutRequest(live.metadata)), name, ...defined({ namespace }) },
    spec: {
      holderIdentity: claim,
      leaseDurationSeconds: Math.ceil(duration / 1000),
      acquireTime: timeOf(now),
      renewTime: timeOf(now),
    },
  };
}

/** The metadata of a Lease without a request, which is for the run that held it. */
function withoutRequest(metadata: KubernetesObject['metadata']): KubernetesObject['metadata'] {
  const { annotations, ...others } = metadata;
  const { [LOCK_WANTED]: _, ...kept } = (annotations ?? {}) as Record<string, string>;
  return Object.keys(kept).length === 0 ? others : { ...others, annotations: kept };
}

export function renewedLease(lease: KubernetesObject, now: Date): KubernetesObject {
  const spec = lease['spec'];
  return { ...lease, spec: { ...(isJsonObject(spec) ? spec : {}), renewTime: timeOf(now) } };
}

/** Times of a Lease have microseconds. */
function timeOf(now: Date): string {
  return now.toISOString().replace(/Z$/, '000Z');
}

/** Who holds a Lease, for messages; empty if no one does. */
export function holderOf(lease: KubernetesObject): string {
  return withoutNonce(identityOf(lease));
}

/** What a claim was made of. */
export function withoutNonce(claim: string): string {
  return claim.replace(NONCE, '');
}

export function isHeldBy(lease: KubernetesObject, claim: string): boolean {
  return identityOf(lease) === claim;
}

function identityOf(lease: KubernetesObject): string {
  const spec = lease['spec'];
  const holder = isJsonObject(spec) ? spec['holderIdentity'] : undefined;
  return typeof holder === 'string' ? holder : '';
}

export function leaseReference(owner: RecordOwner): ObjectReference {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    namespace: owner.namespace,
    name: ownerName(owner),
  };
}
