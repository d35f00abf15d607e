import { hasCommit } from './git-answers.ts';
import type { Deployment, DeploymentStatus } from './state.ts';
import { type Answer, invalid, NO_CONTENT, NOT_FOUND, ok } from './told.ts';

const MAX_DESCRIPTION = 140;

/** Answers about deployments. https://docs.github.com/en/rest/deployments/deployments */
export const DEPLOYMENT_ANSWERS = {
  'GET /repos/{owner}/{repo}/deployments': ({ query }, { deployments }) => {
    const [sha, environment] = [query.get('sha'), query.get('environment')];
    const found = deployments.filter(one => {
      return (sha === null || one.sha === sha) && (environment === null || one.environment === environment);
    });
    return ok(found.toReversed().map(deploymentBody));
  },
  'POST /repos/{owner}/{repo}/deployments': ({ body = {}, token }, state) => {
    const { ref = '', environment = 'production', description = '' } = body;
    if (!hasCommit(state, ref)) return invalid(`No ref found for: ${ref}`);
    // GitHub would wait for the statuses of the commit, and merge the default branch into it.
    const given = body as unknown as Readonly<Record<string, unknown>>;
    if (given['auto_merge'] !== false || !Array.isArray(given['required_contexts']))
      return { status: 409, body: { message: 'Conflict: Commit status checks failed' } };
    const deployment: Deployment = {
      id: Math.max(0, ...state.deployments.map(({ id }) => id)) + 1,
      ...{ sha: ref, environment, description, creator: token.login, payload: given['payload'] ?? {} },
      isTransient: given['transient_environment'] === true,
      statuses: [],
    };
    state.deployments.push(deployment);
    return { status: 201, body: deploymentBody(deployment) };
  },
  // "If the repository has more than one deployment, you can only delete inactive deployments."
  'DELETE /repos/{owner}/{repo}/deployments/{deployment_id}': ({ parameters }, { deployments }) => {
    const index = deployments.findIndex(({ id }) => id === Number(parameters['deployment_id']));
    const found = deployments[index];
    if (found === undefined) return NOT_FOUND;
    const isActive = found.statuses.at(-1)?.state !== 'inactive';
    if (isActive && deployments.length > 1)
      return invalid(
        'We cannot delete an active deployment unless it is the only deployment in a given environment.',
        'bare',
      );
    deployments.splice(index, 1);
    return NO_CONTENT;
  },
  'GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': ({ parameters }, { deployments }) => {
    const found = deployments.find(({ id }) => id === Number(parameters['deployment_id']));
    return found === undefined ? NOT_FOUND : ok(found.statuses.toReversed().map(statusBody));
  },
  'POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses': (
    { parameters, body = {} },
    { deployments },
  ) => {
    const found = deployments.find(({ id }) => id === Number(parameters['deployment_id']));
    if (found === undefined) return NOT_FOUND;
    const { description = '', log_url: logUrl = '', environment_url: environmentUrl = '' } = body;
    if ([...description].length > MAX_DESCRIPTION)
      return invalid('description is too long (maximum is 140 characters)');
    const status = { state: body['state'] ?? '', description, logUrl, environmentUrl };
    found.statuses.push(status);
    return { status: 201, body: statusBody(status) };
  },
} satisfies Record<string, Answer>;

function deploymentBody({ id, sha, environment, description, creator, payload }: Deployment) {
  return { id, sha, ref: sha, environment, description, payload, creator: { login: creator, type: 'Bot' } };
}

function statusBody({ state, description, logUrl, environmentUrl }: DeploymentStatus) {
  return { state, description, log_url: logUrl, target_url: logUrl, environment_url: environmentUrl };
}
