import { earlierRunOf, OF_PULL_REQUESTS, textAt } from './run-event.ts';
import type { RunContext } from './runner.ts';

/** The commit whose rules apply to a run: the one that it would be merged into. */
export type BaseCommit = (
  | { readonly kind: 'commit'; readonly commit: string }
  /** The first parent of GitHub's merge commit if that is checked out, else another commit. */
  | { readonly kind: 'first-parent'; readonly merge: string; readonly otherwise: string }
) & {
  /** The name of the branch that has it, where the event says it. */
  readonly branch?: string;
};

/**
 * The base of a run for a pull request or a merge group; undefined for other events, whose rules come from the checkout. The run after one
 * for a pull request is of the default branch, and may have checked out the pull request as data.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function baseCommitOf(context: RunContext): BaseCommit | undefined {
  const { eventName, event, sha } = context;
  if (eventName === 'merge_group')
    return {
      ...{ kind: 'commit', commit: textAt(event, 'merge_group', 'base_sha') },
      ...branchOf(textAt(event, 'merge_group', 'base_ref')),
    };
  if (eventName === 'pull_request_target' || earlierRunOf(context) !== undefined)
    return { kind: 'commit', commit: sha };
  if (!OF_PULL_REQUESTS.includes(eventName)) return undefined;
  return {
    ...{ kind: 'first-parent', merge: sha, otherwise: textAt(event, 'pull_request', 'base', 'sha') },
    ...branchOf(textAt(event, 'pull_request', 'base', 'ref')),
  };
}

function branchOf(ref: string): Pick<BaseCommit, 'branch'> {
  return ref === '' ? {} : { branch: ref.replace(/^refs\/heads\//, '') };
}
