import { formatDuration, quote, SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { holderOf } from './lease.ts';
import type { RecordOwner } from './records.ts';

/** @param cause what ended the lock, as the start of the sentence */
export function lockLost(cause: string): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'lock-lost',
    message: `${cause}, so nothing more is written`,
    remedy: 'run again',
  });
}

/** The error for a Lease that has another holder now, or is gone. */
export function lockTaken(live: KubernetesObject | undefined): SlipwayError<ReleaseErrorCode> {
  return lockLost(
    live === undefined ? 'the lock was deleted' : `the lock was taken over by ${quote(holderOf(live))}`,
  );
}

export function lockTimedOut(
  { application, formation }: RecordOwner,
  timeout: number,
  lease: KubernetesObject,
): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'lock-timeout',
    message: `${application}/${formation} has been locked by ${quote(holderOf(lease))} for longer than ${formatDuration(timeout)}`,
    remedy: 'wait for that run, or raise lock-timeout',
  });
}
