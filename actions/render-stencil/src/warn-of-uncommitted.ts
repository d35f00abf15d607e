import { excerpt, type Logger, quote } from '@slipway/core';
import type { PreparedRendering } from '@slipway/render';

/** Files and characters of their paths that the warning names. */
const NAMED_FILES = 5;
const MAX_PATH = 100;

/** Says why the tree names no commit, where a step changed what is rendered. */
export function warnOfUncommitted(
  { uncommitted }: Pick<PreparedRendering, 'uncommitted'>,
  logger: Pick<Logger, 'warning'>,
): void {
  if (uncommitted.length === 0) return;
  const named = uncommitted.slice(0, NAMED_FILES).map(path => quote(excerpt(path, MAX_PATH)));
  const more = uncommitted.length > NAMED_FILES ? ` and ${uncommitted.length - NAMED_FILES} more` : '';
  logger.warning(
    `The commit that is checked out does not have ${named.join(', ')}${more} as rendered, so what is rendered from the checkout names no commit and cannot be promoted: commit these files before this step`,
  );
}
