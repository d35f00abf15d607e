import { isJsonObject, parseJsonIfAny } from '@slipway/core';
import type { GitHubApi } from './github-api.ts';
import { lacksPermission } from './permission.ts';
import { splitRepository } from './repository-name.ts';
import { fittingDescription } from './statuses.ts';

/** A deployment at the commit that its images were built from, which need not be the commit of the run. */
export interface ExactDeployment {
  readonly repository: string;
  /** The commit of the images. */
  readonly commit: string;
  /** GitHub's name of the environment. */
  readonly environment: string;
  /** What distinguishes it from others of the same commit and environment, such as `production/eu 41`. */
  readonly key: string;
  /** `inactive` for one that another has replaced before it was finished. */
  readonly state: 'in_progress' | 'success' | 'failure' | 'error' | 'inactive';
  /** Whether the deployment of another key was replaced by this one, so that it is not in progress any more. */
  readonly replaces?: (key: string) => boolean;
  /** One line; what GitHub does not accept of it is cut. */
  readonly description: string;
  /** Where the environment can be visited; empty for none. */
  readonly environmentUrl: string;
  readonly run: {
    /** The commit that GitHub's own record would have. */
    readonly sha: string;
    readonly id: string;
    readonly url: string;
  };
}

/** `doubled`: the job's environment has made a record already, so nothing was written. */
export type DeploymentOutcome = 'recorded' | 'doubled' | 'forbidden';

/**
 * Records a deployment and what became of it. A record that an earlier attempt made for the same key gets another status.
 * @returns `forbidden` if the token lacks `deployments: write`
 */
export async function recordDeployment(
  api: GitHubApi,
  deployment: ExactDeployment,
): Promise<DeploymentOutcome> {
  try {
    if (await hasRecordOfJob(api, deployment)) return 'doubled';
    const id = (await findOwn(api, deployment)) ?? (await create(api, deployment));
    await setState(api, deployment, id);
    await endReplaced(api, deployment);
    return 'recorded';
  } catch (error) {
    if (lacksPermission(error)) return 'forbidden';
    throw error;
  }
}

/** GitHub's own record has a status whose log is this run; ours has a payload. */
async function hasRecordOfJob(api: GitHubApi, deployment: ExactDeployment): Promise<boolean> {
  const { repository, run } = deployment;
  if (run.sha === '' || run.id === '') return false;
  const ofRun = new RegExp(`/actions/runs/${run.id}(?:/|$)`);
  for (const { id, payload } of await list(api, deployment, run.sha)) {
    if (keyOf(payload) !== undefined) continue;
    const statuses = await statusesOf(api, repository, Number(id));
    if (statuses.some(({ log_url, target_url }) => ofRun.test(log_url ?? target_url ?? ''))) return true;
  }
  return false;
}

async function findOwn(api: GitHubApi, deployment: ExactDeployment): Promise<number | undefined> {
  const found = await list(api, deployment, deployment.commit);
  const own = found.find(({ payload }) => keyOf(payload) === deployment.key);
  return own && Number(own.id);
}

/** A run that was cut off, or a newer deployment, leaves the one before in progress, which GitHub would show for ever. */
async function endReplaced(api: GitHubApi, deployment: ExactDeployment): Promise<void> {
  const { repository, replaces, key } = deployment;
  if (replaces === undefined) return;
  for (const { id, payload } of await list(api, deployment)) {
    const other = keyOf(payload);
    if (other === undefined || other === key || !replaces(other)) continue;
    const [newest] = await statusesOf(api, repository, Number(id));
    if (newest?.state !== 'in_progress') return;
    const description = `replaced by ${key}`;
    await setState(api, { ...deployment, state: 'inactive', environmentUrl: '', description }, Number(id));
  }
}

/** The newest ones: a commit has few deployments to one environment. @param sha by default those of all commits */
async function list(api: GitHubApi, { repository, environment }: ExactDeployment, sha?: string) {
  const route = 'GET /repos/{owner}/{repo}/deployments';
  return await api.request(route, {
    ...splitRepository(repository),
    ...{ environment, ...(sha === undefined ? {} : { sha }) },
  });
}

/** The newest first. */
async function statusesOf(api: GitHubApi, repository: string, id: number) {
  const route = 'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses';
  return await api.request(route, { ...splitRepository(repository), deployment_id: id });
}

/** GitHub may return the payload as it was given or as text. */
function keyOf(payload: unknown): string | undefined {
  const value = typeof payload === 'string' ? parseJsonIfAny(payload) : payload;
  const key = isJsonObject(value) ? value['slipway'] : undefined;
  return typeof key === 'string' ? key : undefined;
}

/** Without waiting for the statuses of the commit, and without merging anything into it: the deployment has happened. */
async function create(api: GitHubApi, deployment: ExactDeployment): Promise<number> {
  const { repository, commit, environment, key, description } = deployment;
  const created = await api.request('POST /repos/{owner}/{repo}/deployments', {
    ...splitRepository(repository),
    ...{ ref: commit, environment, auto_merge: false, required_contexts: [], payload: { slipway: key } },
    description: fittingDescription(description),
  });
  if ('id' in created) return Number(created.id);
  throw new TypeError('GitHub merged instead of recording a deployment');
}

async function setState(
  api: GitHubApi,
  { repository, state, description, environmentUrl, run }: ExactDeployment,
  id: number,
): Promise<void> {
  await api.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
    ...splitRepository(repository),
    ...{ deployment_id: id, state, log_url: run.url, description: fittingDescription(description) },
    ...(environmentUrl === '' ? {} : { environment_url: environmentUrl }),
  });
}
