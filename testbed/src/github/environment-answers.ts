import { REPOSITORY_ID } from './repository-id.ts';
import type { Environment, GitHubState, StoredSecret } from './state.ts';
import { type Answer, type Asked, invalid, NOT_FOUND, ok, type Told } from './told.ts';

/** What GitHub says where a plan lacks a rule: https://github.com/integrations/terraform-provider-github/issues/1262 */
const NO_GATE = 'Fail to create protected rule, please ensure billing plan include protected branch gate.';
/** https://github.com/backstage/backstage/issues/28977 */
const NO_REVIEWERS =
  'Failed to create the environment protection rule. Please ensure the billing plan supports the required reviewers protection rule.';

type Body = Readonly<Record<string, unknown>>;

/** Answers about the repository, its environments, its secrets and who asks. https://docs.github.com/en/rest/deployments/environments */
export const ENVIRONMENT_ANSWERS = {
  'GET /repos/{owner}/{repo}': ({ token }, { repository }) =>
    ok({
      id: REPOSITORY_ID,
      full_name: repository,
      default_branch: 'main',
      permissions: { admin: token.admin === true, push: true, pull: true },
    }),
  'GET /repos/{owner}/{repo}/environments': (_asked, { environments }) => {
    const all = [...environments.values()].map(environmentBody);
    return ok({ total_count: all.length, environments: all });
  },
  'GET /repos/{owner}/{repo}/environments/{environment_name}': (asked, state) =>
    withEnvironment(asked, state, environment => ok(environmentBody(environment))),
  'PUT /repos/{owner}/{repo}/environments/{environment_name}': (asked, state) => {
    if (asked.token.admin !== true) return NOT_FOUND;
    const body = (asked.body ?? {}) as Body;
    const [wantsPolicy, wantsApproval] = [
      isGiven(body['deployment_branch_policy']),
      ['reviewers', 'wait_timer', 'prevent_self_review'].some(key => key in body),
    ];
    if (wantsPolicy && state.plan === 'free') return invalid(NO_GATE, 'bare');
    if (wantsApproval && state.plan !== 'enterprise') return invalid(NO_REVIEWERS, 'bare');
    return ok(environmentBody(written(asked, state, body)));
  },
  'GET /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies': (asked, state) =>
    withEnvironment(asked, state, ({ policy, branches }) =>
      policy?.custom_branch_policies === true
        ? ok({ total_count: branches.length, branch_policies: branches })
        : NOT_FOUND,
    ),
  'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies': (asked, state) =>
    withEnvironment(asked, state, environment => {
      if (asked.token.admin !== true || environment.policy?.custom_branch_policies !== true) return NOT_FOUND;
      const { name = '', type = 'branch' } = asked.body ?? {};
      const known = environment.branches.find(branch => branch.name === name && branch.type === type);
      const branch = known ?? { id: environment.branches.length + 1, name, type };
      if (known === undefined) environment.branches.push(branch);
      return ok(branch);
    }),
  'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets': (asked, state) =>
    withEnvironment(asked, state, ({ secrets }) => secretList(secrets)),
  'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/public-key': (asked, state) =>
    withEnvironment(asked, state, () => publicKey(asked, state)),
  'GET /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}': (asked, state) =>
    withEnvironment(asked, state, ({ secrets }) => secretBody(asked, secrets)),
  'PUT /repos/{owner}/{repo}/environments/{environment_name}/secrets/{secret_name}': (asked, state) =>
    withEnvironment(asked, state, ({ secrets }) => store(asked, secrets)),
  'GET /repos/{owner}/{repo}/actions/secrets': (_asked, { secrets }) => secretList(secrets),
  'GET /repos/{owner}/{repo}/actions/secrets/public-key': publicKey,
  'GET /repos/{owner}/{repo}/actions/secrets/{secret_name}': (asked, { secrets }) =>
    secretBody(asked, secrets),
  'PUT /repos/{owner}/{repo}/actions/secrets/{secret_name}': (asked, { secrets }) => store(asked, secrets),
  'GET /repos/{owner}/{repo}/actions/organization-secrets': () => secretList(new Map()),
  'GET /user': ({ token: { login } }, { users }) => ok({ login, id: users.get(login) ?? 1 }),
  'GET /users/{username}': ({ parameters: { username = '' } }, { users }) => {
    const id = users.get(username);
    return id === undefined ? NOT_FOUND : ok({ id, login: username });
  },
} satisfies Record<string, Answer>;

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** GitHub ignores the case of names of environments. */
function withEnvironment(
  { parameters }: Asked,
  { environments }: GitHubState,
  tell: (environment: Environment) => Told,
): Told {
  const found = environments.get((parameters['environment_name'] ?? '').toLowerCase());
  return found === undefined ? NOT_FOUND : tell(found);
}

/** What a body leaves out is taken away, except for branches and secrets. */
function written({ parameters }: Asked, { environments }: GitHubState, body: Body): Environment {
  const name = parameters['environment_name'] ?? '';
  const earlier = environments.get(name.toLowerCase());
  const environment: Environment = {
    name: earlier?.name ?? name,
    policy: (body['deployment_branch_policy'] ?? null) as Environment['policy'],
    reviewers: (body['reviewers'] ?? []) as Environment['reviewers'],
    waitTimer: Number(body['wait_timer'] ?? 0),
    branches: earlier?.branches ?? [],
    secrets: earlier?.secrets ?? new Map(),
  };
  environments.set(name.toLowerCase(), environment);
  return environment;
}

function environmentBody({ name, policy, reviewers, waitTimer }: Environment) {
  const rule = (id: number, type: string, more: object) => ({ id, node_id: `n${id}`, type, ...more });
  return {
    name,
    deployment_branch_policy: policy,
    protection_rules: [
      ...(waitTimer === 0 ? [] : [rule(1, 'wait_timer', { wait_timer: waitTimer })]),
      ...(reviewers.length === 0
        ? []
        : [
            rule(2, 'required_reviewers', {
              prevent_self_review: false,
              reviewers: reviewers.map(({ type, id }) => ({ type, reviewer: { id } })),
            }),
          ]),
      ...(policy === null ? [] : [rule(3, 'branch_policy', {})]),
    ],
  };
}

function publicKey({ token }: Asked, { sealing }: GitHubState): Told {
  if (token.admin !== true || sealing === undefined) return NOT_FOUND;
  return ok({ key_id: sealing.id, key: sealing.publicKey });
}

function secretList(secrets: ReadonlyMap<string, StoredSecret>): Told {
  return ok({
    total_count: secrets.size,
    secrets: [...secrets].map(([name, secret]) => bodyOf(name, secret)),
  });
}

function secretBody(
  { parameters: { secret_name: name = '' } }: Asked,
  secrets: ReadonlyMap<string, StoredSecret>,
) {
  const secret = secrets.get(name.toUpperCase());
  return secret === undefined ? NOT_FOUND : ok(bodyOf(name.toUpperCase(), secret));
}

function bodyOf(name: string, { updated }: StoredSecret) {
  return { name, created_at: updated, updated_at: updated };
}

function store({ parameters, body = {}, token }: Asked, secrets: Map<string, StoredSecret>): Told {
  if (token.admin !== true) return NOT_FOUND;
  const name = (parameters['secret_name'] ?? '').toUpperCase();
  const isNew = !secrets.has(name);
  secrets.set(name, { sealed: body['encrypted_value'] ?? '', updated: new Date().toISOString() });
  return isNew ? { status: 201, body: {} } : { status: 204, body: undefined };
}
