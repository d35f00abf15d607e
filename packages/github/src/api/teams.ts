import { SlipwayError } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';

/** Membership among approvers. */
export interface Teams {
  includes(approvers: readonly string[], user: string): Promise<boolean>;
  /** Teams whose members the token may not see, so that no one is found in them. */
  readonly hidden: ReadonlySet<string>;
}

export function openTeams(api: GitHubApi): Teams {
  const known = new Map<string, Promise<boolean>>();
  const hidden = new Set<string>();
  const isMember = (team: string, user: string): Promise<boolean> => {
    const key = `${team} ${user}`.toLowerCase();
    const answer = known.get(key) ?? readMembership(api, team, user, hidden);
    known.set(key, answer);
    return answer;
  };
  return {
    hidden,
    async includes(approvers, user) {
      for (const approver of approvers)
        if (approver.includes('/') ? await isMember(approver, user) : isSame(approver, user)) return true;
      return false;
    },
  };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** GitHub answers the same for someone who is not a member and for a team that the token may not see, so that the team is requested too. */
async function readMembership(
  api: GitHubApi,
  team: string,
  username: string,
  hidden: Set<string>,
): Promise<boolean> {
  const [org = '', team_slug = ''] = team.split('/');
  try {
    const route = 'GET /orgs/{org}/teams/{team_slug}/memberships/{username}';
    return (await api.request(route, { org, team_slug, username })).state === 'active';
  } catch (error) {
    if (!isDenied(error)) throw error;
    if (!(await isVisible(api, org, team_slug))) hidden.add(team);
    return false;
  }
}

async function isVisible(api: GitHubApi, org: string, team_slug: string): Promise<boolean> {
  try {
    await api.request('GET /orgs/{org}/teams/{team_slug}', { org, team_slug });
    return true;
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}

function isDenied(error: unknown): boolean {
  return (
    error instanceof SlipwayError && (error.code === 'github-not-found' || error.code === 'github-forbidden')
  );
}
