import { join } from 'node:path';
import { startGitHub } from '@slipway/testbed/github';
import { type Files, filesOf, pullRequest, repository } from '@slipway/testkit/git';
import { type Edits, edited, reviewPullRequest } from '@slipway/testkit/pull-requests';
import { ROOT } from '../sources.ts';

/** The example application as the repository of someone who uses Slipway. */
export const SHOP: Files = filesOf(join(ROOT, 'examples/shop'), '');

/** The comment that the action writes on a pull request, as GitHub's double has it. */
export async function commentOn(files: Files, edits: Edits): Promise<string> {
  const origin = repository(files);
  const tokens = new Map([
    ['ghs_1', { login: 'github-actions[bot]', comments: 'write', statuses: 'write' } as const],
  ]);
  const double = await startGitHub({ directory: origin, tokens, pageSize: 30 });
  try {
    const { log } = await reviewPullRequest({
      edits: {},
      of: { origin, commits: pullRequest(origin, edited(files, edits)) },
      environment: { GITHUB_API_URL: double.apiUrl, GITHUB_ACTOR: 'ada' },
      inputs: { token: 'ghs_1' },
    });
    const [comment] = double.state.comments;
    if (comment === undefined) throw new Error(`the action wrote no comment:\n${log}`);
    return comment.body;
  } finally {
    await double.stop();
  }
}
