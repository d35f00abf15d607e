import { excerpt, type Hold, type Problem, quote } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { RecordOwner } from './records.ts';

/** Characters of a time and of a reason, which people write. */
const MAX_TIME = 40;
const MAX_REASON = 300;

/** Who holds a formation, since when, until when and why. */
export function formationHeld(
  { application, formation }: RecordOwner,
  hold: Hold,
): Problem<ReleaseErrorCode> {
  const { by, since, until, reason } = hold;
  const end = until === undefined ? '' : ` until ${excerpt(until, MAX_TIME)}`;
  const why = `"${excerpt(reason, MAX_REASON)}"`;
  const wait = until === undefined ? '' : ', or wait until then';
  return {
    code: 'formation-held',
    message: `${application}/${formation} has been held by ${quote(by)} since ${excerpt(since, MAX_TIME)}${end}: ${why}`,
    remedy: `lift the hold with "mode: lift-hold"${wait}`,
  };
}

/** @param where what cannot be read */
export function holdUnreadable(
  { application, formation }: RecordOwner,
  where: string,
): Problem<ReleaseErrorCode> {
  return {
    code: 'hold-unreadable',
    message: `it is not known who holds ${application}/${formation}: ${where} cannot be read`,
    remedy: 'find out who changed it, and lift the hold with "mode: lift-hold"',
  };
}

export function notReadable({ application, formation, namespace }: RecordOwner): Problem<ReleaseErrorCode> {
  return {
    code: 'hold-unreadable',
    message: `it is not known whether ${application}/${formation} is held: the credentials may not get leases.coordination.k8s.io in namespace ${quote(namespace)}`,
    remedy: 'grant that right',
  };
}
