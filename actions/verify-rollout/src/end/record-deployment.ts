import { formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import type { DeploymentOutcome, ExactDeployment } from '@slipway/github';
import type { VerifyContext } from '../context.ts';

/**
 * Records the deployment at GitHub, at the commit of the images, if that is asked for. What became of the release does not depend on it,
 * so what keeps it from being recorded is said and no more.
 */
export async function recordAtGitHub(
  { verdict }: Verdict,
  release: Release,
  context: VerifyContext,
): Promise<void> {
  // Superseded: the newer release has a record of its own. One in steps has a record already, which is in progress.
  if (verdict === 'superseded' && release.steps === undefined) return;
  await record(release, context, {
    state: verdict === 'succeeded' ? 'success' : verdict === 'superseded' ? 'inactive' : 'failure',
    says: `release ${release.number} ${verdict}`,
  });
}

/** The same of a release in steps that is not committed yet: users of all else have another one. */
export async function recordOpenAtGitHub(release: Release, context: VerifyContext): Promise<void> {
  const { steps, number } = release;
  const awaited = steps?.['waiting-for'];
  const waits = awaited === undefined ? '' : `, waits for ${awaited}`;
  await record(release, context, {
    state: 'in_progress',
    says: `release ${number} at ${steps?.target.asked ?? 0} %${waits}`,
  });
}

interface Became {
  readonly state: ExactDeployment['state'];
  readonly says: string;
}

async function record(release: Release, context: VerifyContext, became: Became): Promise<void> {
  const { inputs, runner } = context;
  const { deployments, token } = inputs.deployment;
  // An instance has a record of its own.
  if (deployments !== 'exact' || context.identity.spawned !== undefined) return;
  const { logger, signal } = runner;
  const commit = release.snapshot?.gitRevision;
  const lacking =
    commit === undefined
      ? 'it is not known which commit the images were built from'
      : token === '' || runner.context.repository === ''
        ? 'the step has no token for GitHub'
        : undefined;
  if (commit === undefined || lacking !== undefined)
    return logger.warning(`The deployment was not recorded at GitHub: ${lacking}`);
  try {
    const { openGitHubApi, recordDeployment } = await import('@slipway/github');
    const api = await openGitHubApi({ apiUrl: runner.context.apiUrl, token, signal, logger });
    const outcome = await recordDeployment(api, deploymentOf(release, context, became, commit));
    if (outcome === 'recorded')
      logger.info(`The deployment is recorded at GitHub as ${became.state}, at ${commit}`);
    else logger.warning(`The deployment was not recorded at GitHub: ${REASONS[outcome]}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(
      `The deployment was not recorded at GitHub: ${error.problems.map(formatProblem).join('; ')}`,
    );
  }
}

function deploymentOf(
  release: Release,
  { inputs, identity, runner }: VerifyContext,
  { state, says }: Became,
  commit: string,
): ExactDeployment {
  const { repository, sha, runId, runUrl } = runner.context;
  const target = targetOf(release);
  const tag = release.deploymentTag === undefined ? '' : `${release.deploymentTag}, `;
  return {
    ...{ repository, commit, state, environmentUrl: inputs.deployment.environmentUrl },
    environment: identity.environment ?? target,
    key: `${target} ${release.number}`,
    replaces: key => isEarlier(key, target, release.number),
    description: `${tag}${says}: images of ${commit.slice(0, 7)}`,
    run: { sha, id: runId, url: runUrl },
  };
}

/** Whether a key is that of an earlier release to the same destination. */
function isEarlier(key: string, target: string, number: number): boolean {
  return key.startsWith(`${target} `) && Number(key.slice(target.length + 1)) < number;
}

const REASONS: Readonly<Record<Exclude<DeploymentOutcome, 'recorded'>, string>> = {
  doubled:
    'the environment of the job has made a record already; set "deployment: false" in the environment of the job, or leave out "deployments: exact"',
  forbidden: 'the token lacks "deployments: write"; give the job that permission',
};

function targetOf({ formation, destination }: Release): string {
  return destination === undefined ? formation : `${formation}/${destination}`;
}
