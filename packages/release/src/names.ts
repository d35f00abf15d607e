import { createHash } from 'node:crypto';
import type { ReleaseIdentity } from './request.ts';

type Owner = Pick<ReleaseIdentity, 'application' | 'formation'>;

/** The field manager of everything that a release applies. */
export function fieldManager({ application, formation }: Owner): string {
  return `slipway:${application}/${formation}`;
}

/** The parent Secret of the inventory, and the Lease. */
export function ownerName({ application, formation }: Owner): string {
  return `slipway.${application}.${formation}`;
}

/** The Lease that says who holds the formation. It is not the lock's, which is deleted after each run. */
export function holdName(owner: Owner): string {
  return `${ownerName(owner)}.hold`;
}

/** The Secret that holds the record of a release. */
export function recordName(owner: Owner, number: number): string {
  return `${ownerName(owner)}.${number}`;
}

/** The number in the name of a record of this owner; undefined for any other name. */
export function recordNumber(owner: Owner, name: string): number | undefined {
  const prefix = `${ownerName(owner)}.`;
  const digits = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  return /^[1-9]\d{0,14}$/.test(digits) ? Number(digits) : undefined;
}

/** The Lease, without a holder, whose annotations say what the newest release is. */
export function statusName(owner: Owner): string {
  return `${ownerName(owner)}.status`;
}

/** The Lease, without a holder, that keeps room for an instance of a spawned formation. */
export function roomName(owner: Owner): string {
  return `${ownerName(owner)}.room`;
}

/** The Secret that holds the key by which a formation's Secrets are hashed. */
export function hashKeyName(owner: Owner): string {
  return `${ownerName(owner)}.key`;
}

/** The copy of a release's Secret that rollback applies. */
export function secretCopyName(owner: Owner, number: number, secret: string): string {
  return `${recordName(owner, number)}.${shortHash(secret)}`;
}

/** Ten hexadecimal digits: enough for the objects of one release, short enough for any name. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

/**
 * The id of an ApplySet (KEP-3659), computed from its parent as kubectl does:
 * https://github.com/kubernetes/kubectl/blob/v0.36.3/pkg/cmd/apply/applyset.go#L169. The group of a Secret is empty, hence the
 * trailing dot.
 */
export function applySetId(owner: Owner, namespace: string): string {
  const hash = createHash('sha256')
    .update(`${ownerName(owner)}.${namespace}.Secret.`)
    .digest('base64url');
  return `applyset-${hash}-v1`;
}
