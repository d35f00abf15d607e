import type { VerifyContext } from '../context.ts';
import type { DeciderSource, Includes } from './deciders.ts';

/** What GitHub is asked about a decision, and how. */
export interface Asking extends DeciderSource {
  readonly includes: Includes;
  /** The types of the rules of this job's environment; undefined where there is no such environment. */
  readonly rulesOf: (environment: string) => Promise<readonly string[] | undefined>;
}

/** GitHub's client is opened for those runs only that have to ask. */
export async function askAtGitHub({ inputs, identity, runner }: VerifyContext): Promise<Asking> {
  const { approvalsOfRun, environmentRules, openGitHubApi, openTeams } = await import('@slipway/github');
  const { context, signal, logger, environment } = runner;
  const { token } = inputs.deployment;
  const api =
    token === '' || context.repository === ''
      ? undefined
      : await openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger });
  const teams = api && openTeams(api);
  return {
    ...{ context, api, approvalsOf: approvalsOfRun },
    triggeredBy: environment['GITHUB_TRIGGERING_ACTOR'] ?? '',
    environment: identity.environment === undefined ? undefined : `${identity.environment}-decide`,
    rulesOf: async name => api && (await environmentRules(api, context.repository, name)),
    includes: async (named, user) =>
      teams === undefined
        ? named.some(one => one.toLowerCase() === user.toLowerCase())
        : await teams.includes(named, user),
  };
}
