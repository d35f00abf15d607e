export type CheckErrorCode =
  | 'application-removed'
  | 'base-broken'
  | 'base-unreadable'
  | 'formation-unknown'
  | 'nothing-to-check';

/** When each code occurs and what to do about it; docs/errors.md is made from this. */
export const checkErrors: Record<CheckErrorCode, string> = {
  'application-removed':
    'slipway.yaml is in the base commit and not in the checkout, though what was rendered from it is to be checked: leave the file where it is, or stop rendering it.',
  'base-broken':
    'The files of the base commit, whose rules hold on a pull request, have errors of their own: mend them on the base branch first.',
  'base-unreadable':
    'The base commit, whose rules hold on a pull request, can neither be found in the checkout nor be fetched. Let actions/checkout persist its credentials, use `fetch-depth: 0`, or give `token` with `contents: read`.',
  'formation-unknown':
    'The rendered tree is of a formation that the application has no file for. Render again, or name the right `application`.',
  'nothing-to-check':
    'The inputs `formation` and `destination` leave nothing of the rendered tree. Name a formation and destination that were rendered.',
};
