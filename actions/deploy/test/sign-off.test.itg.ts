import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type GitHubDouble, type Review, startGitHub, type Token } from '@slipway/testbed/github';
import { useCluster } from '@slipway/testbed/jest';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { git, pullRequest, repository, scratch, shallowCheckout } from '@slipway/testkit/git';
import { APPLICATION, checkPullRequest, edited } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';
import { errorsOf, SNAPSHOT } from './fixture.ts';

const cluster = useCluster();

const ACTION = resolve(import.meta.dirname, '..');
const RENDER = resolve(import.meta.dirname, '../../render-stencil');
const DIGEST = `sha256:${'a'.repeat(64)}`;

const POLICY = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: address }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [UPDATE], resources: [services] }]
  validations:
    - expression: object.spec.?loadBalancerIP == oldObject.spec.?loadBalancerIP
      message: the address of the load balancer changed
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: address, annotations: { slipway.dev/sign-off: "ada, acme/operators" } }
spec: { policyName: address, validationActions: [Deny] }
`;

/** The Service alone: its pods do not matter here. */
const filesFor = (namespace: string) => ({
  ...APPLICATION,
  'formations/production.yaml': replacing(
    'namespace: shop',
    `namespace: ${namespace}`,
  )(APPLICATION['formations/production.yaml'] as string),
  'stencils/web.yaml': (APPLICATION['stencils/web.yaml'] as string).split('---\n')[1] ?? '',
  'policies/ownership.yaml': undefined,
  'policies/address.yaml': POLICY,
});

let kubeconfig = '';
beforeAll(async () => {
  kubeconfig = cluster.kubeconfig;
});
const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

interface Shop {
  readonly origin: string;
  readonly namespace: string;
  readonly github: GitHubDouble;
  deploy(commit: string, inputs?: Readonly<Record<string, string>>): Promise<StepResult>;
}

/** A shop whose first commit runs in a namespace of its own. */
async function openShop(namespace: string, token: Partial<Token> = {}): Promise<Shop> {
  await testbedKubectl('create', 'namespace', namespace);
  const origin = repository(filesFor(namespace));
  const tokens = new Map([
    ['ghs_1', { login: 'github-actions[bot]', comments: 'write', members: true, ...token } as const],
  ]);
  const github = await startGitHub({
    ...{ directory: origin, tokens, pageSize: 2 },
    teams: new Map([['acme/operators', ['grace']]]),
  });
  started.push(github);
  const shop: Shop = {
    origin,
    namespace,
    github,
    deploy: (commit, inputs) => deployAt(shop, commit, inputs),
  };
  expect(errorsOf(await shop.deploy(git(origin, 'rev-parse', 'main')))).toEqual([]);
  return shop;
}

async function testbedKubectl(...args: readonly string[]): Promise<string> {
  const { execFileSync } = await import('node:child_process');
  return execFileSync(cluster.kubectl ?? '', [...args], {
    env: { KUBECONFIG: kubeconfig, KUBECACHEDIR: scratch() },
    encoding: 'utf8',
  });
}

/** A push to main as its job sees it: a checkout of depth 1, rendered and deployed by the bundles. */
async function deployAt(
  { origin, github }: Shop,
  commit: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<StepResult> {
  const workspace = shallowCheckout(origin, commit);
  const environment = { GITHUB_API_URL: github.apiUrl };
  const job = createJob({
    ...{ workspace, environment },
    directory: scratch(),
    path: '/usr/bin:/bin',
    sha: commit,
  });
  const snapshot = join(scratch(), 'snapshot.json');
  const images = { web: { name: 'ghcr.io/acme/shop/web', digest: DIGEST, origin: 'retagged' } };
  const made = { ...SNAPSHOT, registry: 'ghcr.io/acme/shop', created: new Date().toISOString(), images };
  writeFileSync(snapshot, JSON.stringify(made));
  const rendered = await runStep(job, { action: RENDER, inputs: { snapshot } });
  expect([rendered.exitCode, rendered.exitCode === 0 ? '' : rendered.log]).toEqual([0, '']);
  const manifests = rendered.outputs['manifests'] ?? '';
  return await runStep(job, { action: ACTION, inputs: { manifests, kubeconfig, token: 'ghs_1', ...inputs } });
}

interface Merged {
  readonly head: string;
  readonly commit: string;
}

const METHODS = {
  merge: (_origin: string, { merge }: { merge: string }) => merge,
  squash: (origin: string, { merge, base }: { merge: string; base: string }) =>
    git(origin, 'commit-tree', `${merge}^{tree}`, '-p', base, '-m', 'Squashed'),
  rebase: (origin: string, { head, base }: { head: string; base: string }) =>
    git(origin, 'commit-tree', `${head}^{tree}`, '-p', base, '-m', 'Rebased'),
};

/** A pull request that moves the address, checked with its comment, reviewed and merged. */
async function mergeAddress(
  { origin, namespace, github }: Shop,
  reviews: (head: string) => readonly Review[],
  method: keyof typeof METHODS = 'merge',
  number = 1,
): Promise<Merged> {
  const files = filesFor(namespace);
  const commits = pullRequest(
    origin,
    edited(files, { 'stencils/web.yaml': replacing('10.0.0.1', `10.0.0.${number + 1}`) }),
    number,
  );
  const { outputs } = await checkPullRequest({
    ...{ edits: {}, of: { origin, commits }, number },
    environment: { GITHUB_API_URL: github.apiUrl },
    inputs: { token: 'ghs_1', comment: 'true' },
  });
  expect(outputs['verdict']).toBe('needs-sign-off');
  github.state.reviews.set(number, [...reviews(commits.head)]);
  const commit = METHODS[method](origin, commits);
  git(origin, 'update-ref', 'refs/heads/main', commit);
  git(origin, 'reset', '--quiet', '--hard');
  const at = '2099-01-02T00:00:00Z';
  github.state.pulls.push({
    number,
    author: 'mallory',
    head: commits.head,
    commits: [commits.head],
    merged: { at, commit },
  });
  return { head: commits.head, commit };
}

const approval = (user: string, commit: string): Review => ({
  user,
  state: 'APPROVED',
  commit,
  at: '2099-01-01T00:00:00Z',
});
const address = ({ namespace }: Shop) =>
  testbedKubectl('get', 'service', 'web', '-n', namespace, '-o', 'jsonpath={.spec.loadBalancerIP}');

describe('a change that must be signed off', () => {
  it('is refused before the first write until it is approved, with what to do', async () => {
    const shop = await openShop('unapproved');
    const { commit } = await mergeAddress(shop, () => []);
    const result = await shop.deploy(commit);
    expect([result.exitCode, await address(shop)]).toEqual([1, '10.0.0.1']);
    expect(errorsOf(result).join('\n')).toMatch(
      /address: the address of the load balancer changed \(needs the approval of @ada or @acme\/operators\); one of them approves the last commit of pull request 1 with "sign-off [0-9a-f]{12}" in the review/,
    );
  });

  it('is told by a plan, which it does not fail', async () => {
    const shop = await openShop('planned');
    const { commit } = await mergeAddress(shop, () => []);
    const { exitCode, log } = await shop.deploy(commit, { mode: 'plan' });
    expect([exitCode, log]).toEqual([0, expect.stringContaining('To be signed off: ')]);
  });

  it.each(Object.keys(METHODS) as (keyof typeof METHODS)[])(
    'goes through once it was approved and merged by %s, with the fingerprint that the pull request had',
    async method => {
      const shop = await openShop(`approved-${method}`);
      const { commit } = await mergeAddress(shop, head => [approval('ada', head)], method);
      const result = await shop.deploy(commit);
      expect([errorsOf(result), await address(shop)]).toEqual([[], '10.0.0.2']);
      expect(result.log).toContain('address: approved by ada in pull request 1');
    },
  );

  it('goes through with the approval of a member of the team, and later commits in between', async () => {
    const shop = await openShop('team');
    await mergeAddress(shop, head => [approval('grace', head)]);
    const later = git(shop.origin, 'commit-tree', 'main^{tree}', '-p', 'main', '-m', 'Later');
    git(shop.origin, 'update-ref', 'refs/heads/main', later);
    expect([errorsOf(await shop.deploy(later)), await address(shop)]).toEqual([[], '10.0.0.2']);
  });

  it.each<[string, (head: string) => readonly Review[]]>([
    ['an earlier commit of it', () => [approval('ada', '1'.repeat(40))]],
    ['its author', head => [approval('mallory', head)]],
    ['someone else', head => [approval('eve', head)]],
  ])('is refused with the approval of %s', async (title, reviews) => {
    const shop = await openShop(title.replaceAll(/[^a-z]/g, ''));
    const { commit } = await mergeAddress(shop, reviews);
    expect([(await shop.deploy(commit)).exitCode, await address(shop)]).toEqual([1, '10.0.0.1']);
  });

  it('is refused if the address in the cluster is another than the one that was approved to be left', async () => {
    const shop = await openShop('drifted');
    const { commit } = await mergeAddress(shop, head => [approval('ada', head)]);
    await testbedKubectl(
      'patch',
      'service',
      'web',
      '-n',
      'drifted',
      '-p',
      '{"spec":{"loadBalancerIP":"10.0.0.9"}}',
    );
    expect([(await shop.deploy(commit)).exitCode, await address(shop)]).toEqual([1, '10.0.0.9']);
  });

  it('is refused without a token, and says so', async () => {
    const shop = await openShop('tokenless');
    const { commit } = await mergeAddress(shop, head => [approval('ada', head)]);
    const result = await shop.deploy(commit, { token: '' });
    expect(errorsOf(result).join()).toContain('give the input "token"');
  });

  it('by a team whose members the token may not see says which token it takes', async () => {
    const shop = await openShop('hidden', { members: false });
    const { commit } = await mergeAddress(shop, head => [approval('grace', head)]);
    expect(errorsOf(await shop.deploy(commit)).join()).toContain(
      'this one does not see the team acme/operators',
    );
  });

  it('is not asked for by a rollback', async () => {
    const shop = await openShop('restored');
    const { commit } = await mergeAddress(shop, head => [approval('ada', head)]);
    expect(errorsOf(await shop.deploy(commit))).toEqual([]);
    shop.github.state.reviews.clear();
    const result = await shop.deploy(commit, {
      mode: 'rollback',
      to: '1',
      formation: 'production',
      destination: 'eu',
    });
    expect([errorsOf(result), await address(shop)]).toEqual([[], '10.0.0.1']);
  });

  it('cannot be waived: a waiver of the checkout leaves it refused', async () => {
    const shop = await openShop('waived');
    const { commit } = await mergeAddress(shop, () => []);
    const waiver = join(scratch(), 'waiver.yaml');
    writeFileSync(
      waiver,
      `apiVersion: slipway.dev/v1
kind: Waiver
metadata: { name: w }
spec: { rule: address, object: { kind: Service, name: web }, reason: no one can be asked, owner: me, until: 2099-12-31 }
`,
    );
    expect((await shop.deploy(commit, { waivers: waiver })).exitCode).toBe(1);
  });
});
