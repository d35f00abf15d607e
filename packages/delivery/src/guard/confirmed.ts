import { excerpt, quote, SlipwayError } from '@slipway/core';
import type { ReleaseIdentity } from '@slipway/release';
import type { DeliveryErrorCode } from '../error-codes.ts';

/** Characters of what is confirmed that a message repeats. */
const MOST = 120;

/**
 * What cannot be taken back takes the name of the formation a second time, as a person types it.
 * @param what is confirmed, such as `removing`
 * @throws SlipwayError `confirmation-missing`
 */
export function confirmed(
  confirm: string,
  { application, formation }: Pick<ReleaseIdentity, 'application' | 'formation'>,
  what: string,
): void {
  const name = `${application}/${formation}`;
  if (confirm === name) return;
  throw new SlipwayError<DeliveryErrorCode>({
    code: 'confirmation-missing',
    message: `${excerpt(what, MOST)} ${quote(name)} was not confirmed`,
    remedy: `set confirm to ${quote(name)}`,
  });
}
