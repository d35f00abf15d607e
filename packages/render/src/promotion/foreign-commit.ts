import { SlipwayError } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { shortId } from './passed-config.ts';

/**
 * Refuses a commit that the history of the checkout does not have, or may not have.
 * @param name what a sentence calls the commit, with a comma at its end
 * @param isContained undefined if that is not known
 * @param head the commit that is checked out; undefined outside of a checkout
 * @throws SlipwayError `config-foreign`, `history-unknown`
 */
export function refuseForeign(
  name: string,
  isContained: boolean | undefined,
  head: string | undefined,
): void {
  if (isContained === true) return;
  if (isContained === undefined)
    throw historyUnknown(`this checkout cannot tell whether ${name} is in its history`);
  throw new SlipwayError<RenderErrorCode>({
    code: 'config-foreign',
    message: `${name} is not in the history of ${head === undefined ? 'the commit' : shortId(head)}, which is checked out`,
    remedy:
      'merge it, then deploy and verify the result, or run this on the branch that has it: commits of forks and of unmerged branches are not taken',
  });
}

export function historyUnknown(message: string): SlipwayError<RenderErrorCode> {
  return new SlipwayError<RenderErrorCode>({
    code: 'history-unknown',
    message,
    remedy:
      'check out with "fetch-depth: 0", let actions/checkout persist its credentials, or give the input "token" with contents: read',
  });
}
