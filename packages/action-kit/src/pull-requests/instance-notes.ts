import { formatProblem, SlipwayError } from '@slipway/core';
import {
  endTransientDeployments,
  type GitHubApi,
  keepComment,
  keepTransientDeployment,
  openGitHubApi,
  type Runner,
  readKeptComment,
  type TransientDeployment,
  whyForbidden,
} from '@slipway/github';

/** The instance of a pull request that something is said of. */
export interface NotedInstance {
  readonly application: string;
  /** The name of the instance. */
  readonly formation: string;
  readonly pull: number;
}

/** What is written about instances at GitHub. What became of them does not depend on it, so what goes wrong is a warning. */
export interface InstanceNotes {
  /**
   * Keeps the one comment about an instance, or the one that says when it ends.
   * @param onlyUpdate whether none is written where there is none
   */
  comment(
    instance: NotedInstance,
    body: string,
    options?: { readonly onlyUpdate?: boolean; readonly about?: 'end' },
  ): Promise<void>;
  /** The text of the comment about an instance; undefined without one, or if it cannot be read. */
  said(instance: NotedInstance): Promise<string | undefined>;
  deployment(
    instance: NotedInstance,
    deployment: Omit<TransientDeployment, 'repository' | 'key' | 'runUrl'>,
  ): Promise<void>;
  /** @param environment GitHub's name of the environment that the deployments are of */
  noDeployment(instance: NotedInstance, environment: string): Promise<void>;
}

/** @param token for GitHub's API; empty without one, and then nothing is written */
export function instanceNotes(token: string, runner: Runner): InstanceNotes {
  const { context, logger, signal } = runner;
  const { repository, apiUrl, runUrl } = context;
  const attempt = async <Result>(
    failed: string,
    work: (api: GitHubApi) => Promise<Result>,
  ): Promise<Result | undefined> => {
    if (token === '' || repository === '') {
      logger.info(`${failed}: the step has no token for GitHub`);
      return undefined;
    }
    try {
      return await work(await openGitHubApi({ apiUrl, token, signal, logger }));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SlipwayError)) throw error;
      logger.warning(`${failed}: ${error.problems.map(formatProblem).join('; ')}`);
      return undefined;
    }
  };
  const write = async (
    what: string,
    permission: string,
    work: (api: GitHubApi) => Promise<unknown>,
  ): Promise<void> => {
    const failed = `${what} is not written`;
    const outcome = await attempt(failed, work);
    if (outcome === 'forbidden') logger.warning(`${failed}: ${whyForbidden(context, permission)}`);
  };
  return {
    comment: ({ pull, ...instance }, body, { onlyUpdate = false, about } = {}) =>
      write(`The comment on pull request ${pull}`, 'pull-requests: write', api =>
        keepComment(api, { repository, pull, body, onlyUpdate, key: keyOf(instance, about) }),
      ),
    said: ({ pull, ...instance }) =>
      attempt(`The comment on pull request ${pull} is not known`, api =>
        readKeptComment(api, { repository, pull, key: keyOf(instance) }),
      ),
    deployment: (instance, deployment) =>
      write(`The deployment of ${nameOf(instance)}`, 'deployments: write', api =>
        keepTransientDeployment(api, { ...deployment, repository, key: nameOf(instance), runUrl }),
      ),
    noDeployment: (instance, environment) =>
      write(`That ${nameOf(instance)} is gone`, 'deployments: write', api =>
        endTransientDeployments(api, { repository, environment, key: nameOf(instance) }),
      ),
  };
}

function keyOf(instance: Pick<NotedInstance, 'application' | 'formation'>, about?: 'end'): string {
  return `spawn ${nameOf(instance)}${about === undefined ? '' : ` ${about}`}`;
}

function nameOf({ application, formation }: Pick<NotedInstance, 'application' | 'formation'>): string {
  return `${application}/${formation}`;
}
