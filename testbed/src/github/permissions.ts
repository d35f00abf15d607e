import type { Operation } from './operations.ts';
import type { Token } from './state.ts';

interface Need {
  readonly permission: 'comments' | 'statuses' | 'members' | 'issues' | 'deployments' | 'actions';
  readonly write?: boolean;
}

/**
 * What an operation needs beside reading the repository.
 * https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps
 */
const NEEDS: Readonly<Partial<Record<Operation, Need>>> = {
  'GET /repos/{owner}/{repo}/pulls': { permission: 'comments' },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}': { permission: 'comments' },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews': { permission: 'comments' },
  'GET /repos/{owner}/{repo}/pulls/{pull_number}/files': { permission: 'comments' },
  'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': { permission: 'comments' },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': { permission: 'comments', write: true },
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': { permission: 'comments', write: true },
  'DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': { permission: 'comments', write: true },
  'GET /repos/{owner}/{repo}/commits/{ref}/statuses': { permission: 'statuses' },
  'POST /repos/{owner}/{repo}/statuses/{sha}': { permission: 'statuses', write: true },
  'GET /repos/{owner}/{repo}/issues': { permission: 'issues' },
  'POST /repos/{owner}/{repo}/issues': { permission: 'issues', write: true },
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': { permission: 'issues', write: true },
  'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees': { permission: 'issues', write: true },
  'GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals': { permission: 'actions' },
  'GET /repos/{owner}/{repo}/actions/workflows': { permission: 'actions' },
  'GET /repos/{owner}/{repo}/deployments': { permission: 'deployments' },
  'POST /repos/{owner}/{repo}/deployments': { permission: 'deployments', write: true },
  'DELETE /repos/{owner}/{repo}/deployments/{deployment_id}': { permission: 'deployments', write: true },
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': { permission: 'deployments' },
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': {
    permission: 'deployments',
    write: true,
  },
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': { permission: 'members' },
};

/** What the token lacks for an operation, such as `statuses: write`; undefined if it lacks nothing. */
export function missingPermission(operation: Operation, token: Token): string | undefined {
  const need = NEEDS[operation];
  if (need === undefined) return undefined;
  const granted = token[need.permission];
  const isEnough = need.write === true ? granted === 'write' : granted !== undefined && granted !== false;
  return isEnough ? undefined : `${need.permission}: ${need.write === true ? 'write' : 'read'}`;
}
