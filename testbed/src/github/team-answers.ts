import { type Answer, type Asked, NOT_FOUND, ok } from './told.ts';

/** Answers about the teams of the organisation. */
export const TEAM_ANSWERS = {
  'GET /orgs/{org}/teams/{team_slug}': ({ parameters, token }, { teams }) =>
    token.members === true && teams.has(teamOf(parameters))
      ? ok({ slug: parameters['team_slug'] })
      : NOT_FOUND,
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}': ({ parameters }, { teams }) => {
    const member = teams.get(teamOf(parameters))?.includes(parameters['username'] ?? '');
    return member === true ? ok({ role: 'member', state: 'active' }) : NOT_FOUND;
  },
} satisfies Record<string, Answer>;

function teamOf(parameters: Asked['parameters']): string {
  return `${parameters['org']}/${parameters['team_slug']}`;
}
