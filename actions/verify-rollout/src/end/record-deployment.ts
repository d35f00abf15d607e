import { formatProblem, type Release, SlipwayError, type Verdict } from '@slipway/core';
import type { DeploymentOutcome, ExactDeployment } from '@slipway/github';
import type { VerifyContext } from '../context.ts';

/**
 * Records the deployment at GitHub, at the commit of the images, if that is asked for. What became of the release does not depend on it,
 * so what keeps it from being recorded is said and no more.
 */
export async function recordAtGitHub(
  verdict: Verdict,
  release: Release,
  { inputs, identity, runner }: VerifyContext,
): Promise<void> {
  const { deployments, token, environmentUrl } = inputs.deployment;
  // Superseded: the newer release has a record of its own.
  if (deployments !== 'exact' || verdict.verdict === 'superseded') return;
  const { context, signal, logger } = runner;
  const commit = release.snapshot?.gitRevision;
  const lacking =
    commit === undefined
      ? 'it is not known which commit the images were built from'
      : token === '' || context.repository === ''
        ? 'the step has no token for GitHub'
        : undefined;
  if (commit === undefined || lacking !== undefined)
    return logger.warning(`The deployment was not recorded at GitHub: ${lacking}`);
  const target = targetOf(verdict);
  const deployment: ExactDeployment = {
    ...{ repository: context.repository, commit, environmentUrl },
    environment: identity.environment ?? target,
    key: `${target} ${release.number}`,
    state: verdict.verdict === 'succeeded' ? 'success' : 'failure',
    description: descriptionOf(release, verdict, commit),
    run: { sha: context.sha, id: context.runId, url: context.runUrl },
  };
  try {
    const { openGitHubApi, recordDeployment } = await import('@slipway/github');
    const api = await openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger });
    const outcome = await recordDeployment(api, deployment);
    if (outcome === 'recorded') logger.info(`The deployment is recorded at GitHub, at ${commit}`);
    else logger.warning(`The deployment was not recorded at GitHub: ${REASONS[outcome]}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    logger.warning(
      `The deployment was not recorded at GitHub: ${error.problems.map(formatProblem).join('; ')}`,
    );
  }
}

const REASONS: Readonly<Record<Exclude<DeploymentOutcome, 'recorded'>, string>> = {
  doubled:
    'the environment of the job has made a record already; set "deployment: false" in the environment of the job, or leave out "deployments: exact"',
  forbidden: 'the token lacks "deployments: write"; give the job that permission',
};

function targetOf({ formation, destination }: Verdict): string {
  return destination === undefined ? formation : `${formation}/${destination}`;
}

function descriptionOf({ number, deploymentTag }: Release, { verdict }: Verdict, commit: string): string {
  const tag = deploymentTag === undefined ? '' : `${deploymentTag}, `;
  return `${tag}release ${number} ${verdict}: images of ${commit.slice(0, 7)}`;
}
