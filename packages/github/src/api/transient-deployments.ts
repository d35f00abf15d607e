import { isJsonObject, parseJsonIfAny } from '@slipway/core';
import type { DeploymentOutcome } from './deployments.ts';
import type { GitHubApi } from './github-api.ts';
import { lacksPermission } from './permission.ts';
import { splitRepository } from './repository-name.ts';
import { fittingDescription } from './statuses.ts';

/** The deployment that shows an environment which ends with its pull request. */
export interface TransientDeployment {
  readonly repository: string;
  /** GitHub's name of the environment, which several of them share. */
  readonly environment: string;
  /** What distinguishes it from others of that environment, such as `shop/preview-7`. */
  readonly key: string;
  /** The commit that was deployed. */
  readonly commit: string;
  readonly state: 'success' | 'failure';
  readonly description: string;
  /** Where it can be visited; empty for none. */
  readonly environmentUrl: string;
  readonly runUrl: string;
}

/**
 * Keeps one deployment for the key: it records this one, and removes those of earlier commits.
 * @returns `forbidden` if the token lacks `deployments: write`
 */
export async function keepTransientDeployment(
  api: GitHubApi,
  deployment: TransientDeployment,
): Promise<Exclude<DeploymentOutcome, 'doubled'>> {
  try {
    const known = await listOwn(api, deployment);
    const same = known.find(({ sha }) => sha === deployment.commit);
    const id = same?.id ?? (await create(api, deployment));
    await setState(api, deployment.repository, id, {
      ...{ state: deployment.state, log_url: deployment.runUrl, auto_inactive: false },
      description: fittingDescription(deployment.description),
      ...(deployment.environmentUrl === '' ? {} : { environment_url: deployment.environmentUrl }),
    });
    for (const old of known) if (old.id !== id) await remove(api, deployment.repository, old.id);
    return 'recorded';
  } catch (error) {
    if (lacksPermission(error)) return 'forbidden';
    throw error;
  }
}

/**
 * Removes the deployments of a key: GitHub deletes those that are inactive.
 * @returns how many there were; `forbidden` if the token lacks `deployments: write`
 */
export async function endTransientDeployments(
  api: GitHubApi,
  which: Pick<TransientDeployment, 'repository' | 'environment' | 'key'>,
): Promise<number | 'forbidden'> {
  try {
    const known = await listOwn(api, which);
    for (const { id } of known) await remove(api, which.repository, id);
    return known.length;
  } catch (error) {
    if (lacksPermission(error)) return 'forbidden';
    throw error;
  }
}

async function listOwn(
  api: GitHubApi,
  { repository, environment, key }: Pick<TransientDeployment, 'repository' | 'environment' | 'key'>,
): Promise<{ readonly id: number; readonly sha: string }[]> {
  const route = 'GET /repos/{owner}/{repo}/deployments';
  const all = await api.list(route, { ...splitRepository(repository), environment });
  return all.filter(({ payload }) => keyOf(payload) === key).map(({ id, sha }) => ({ id: Number(id), sha }));
}

/** GitHub may return the payload as it was given or as text. */
function keyOf(payload: unknown): string | undefined {
  const value = typeof payload === 'string' ? parseJsonIfAny(payload) : payload;
  const key = isJsonObject(value) ? value['slipway'] : undefined;
  return typeof key === 'string' ? key : undefined;
}

/** Without waiting for the statuses of the commit, and without merging anything into it: it is deployed already. */
async function create(
  api: GitHubApi,
  { repository, commit, environment, key, description }: TransientDeployment,
): Promise<number> {
  const created = await api.request('POST /repos/{owner}/{repo}/deployments', {
    ...splitRepository(repository),
    ...{ ref: commit, environment, auto_merge: false, required_contexts: [], payload: { slipway: key } },
    ...{ transient_environment: true, production_environment: false },
    description: fittingDescription(description),
  });
  if ('id' in created) return Number(created.id);
  throw new TypeError('GitHub merged instead of recording a deployment');
}

async function remove(api: GitHubApi, repository: string, id: number): Promise<void> {
  await setState(api, repository, id, { state: 'inactive' });
  await api.request('DELETE /repos/{owner}/{repo}/deployments/{deployment_id}', {
    ...splitRepository(repository),
    deployment_id: id,
  });
}

interface State {
  readonly state: 'success' | 'failure' | 'inactive';
  readonly log_url?: string;
  readonly description?: string;
  readonly environment_url?: string;
  readonly auto_inactive?: boolean;
}

async function setState(api: GitHubApi, repository: string, id: number, state: State): Promise<void> {
  await api.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...splitRepository(repository),
    deployment_id: id,
    ...state,
  });
}
