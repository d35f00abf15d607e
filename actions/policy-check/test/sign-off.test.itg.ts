import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parseReport } from '@slipway/core';
import { type GitHubDouble, startGitHub, type Token } from '@slipway/testbed/github';
import { runStep } from '@slipway/testbed/runner';
import { git } from '@slipway/testkit/git';
import {
  APPLICATION,
  type Checked,
  checkPullRequest,
  errors,
  type PullRequestOptions,
} from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';

const ACTION = join(import.meta.dirname, '..');

/** The address of a load balancer is in a customer's firewall. */
const ADDRESS = `apiVersion: admissionregistration.k8s.io/v1
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
metadata: { name: address, annotations: { slipway.dev/sign-off: "@ada, @acme/operators" } }
spec: { policyName: address, validationActions: [Deny] }
`;
const files = { ...APPLICATION, 'policies/address.yaml': ADDRESS };
const edits = { 'stencils/web.yaml': replacing('loadBalancerIP: 10.0.0.1', 'loadBalancerIP: 10.0.0.2') };

const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

async function start(
  token: Token = { login: 'github-actions[bot]', comments: 'write' },
): Promise<GitHubDouble> {
  const tokens = new Map([['ghs_1', token]]);
  const double = await startGitHub({ directory: '/', tokens, pageSize: 2 });
  started.push(double);
  return double;
}

/** A pull request that changes the address, checked with the test double of GitHub. */
async function check(options: Partial<PullRequestOptions> = {}, double?: GitHubDouble): Promise<Checked> {
  const { apiUrl } = double ?? (await start());
  return await checkPullRequest({
    files,
    edits,
    ...options,
    environment: { GITHUB_API_URL: apiUrl },
    inputs: { token: 'ghs_1', ...options.inputs },
  });
}

async function again({ job, outputs }: Checked, inputs: Readonly<Record<string, string>> = {}) {
  const manifests = outputs['report']?.replace(/\/production\/eu\/report.json$/, '') ?? '';
  return await runStep(job, { action: ACTION, inputs: { manifests, token: 'ghs_1', ...inputs } });
}

describe('a change that needs a sign-off', () => {
  it('says who may approve and how, and does not fail the step', async () => {
    const { exitCode, outputs, annotations, summary } = await check();
    expect([exitCode, outputs['verdict'], outputs['sign-off']]).toEqual([0, 'needs-sign-off', '1']);
    expect(annotations).toEqual([
      expect.objectContaining({
        severity: 'warning',
        title: 'Slipway: address',
        file: 'stencils/web.yaml',
        line: 18,
      }),
    ]);
    expect(annotations[0]?.message).toMatch(
      /the address of the load balancer changed \(needs the approval of @ada or @acme\/operators\); an approver must approve this commit of the pull request, with "sign-off [0-9a-f]{12}" in the review/,
    );
    expect(summary).toContain('needs sign-off');
  });

  it('passes once an entitled person approved it by its fingerprint', async () => {
    const double = await start();
    const first = await check({}, double);
    const [report] = [parseReport(readFileSync(first.outputs['report'] ?? '', 'utf8'), 'report.json')];
    const fingerprint = report.findings.find(({ severity }) => severity === 'sign-off')?.fingerprint ?? '';
    const body = `Fine. sign-off ${fingerprint.replace('sha256:', '').slice(0, 12)}`;
    double.state.reviews.set(1, [{ user: 'ada', state: 'APPROVED', commit: first.commits.head, body }]);
    const { outputs, log } = await again(first);
    expect([outputs['verdict'], outputs['sign-off']]).toEqual(['passed', '0']);
    expect(log).toContain('approved by ada in pull request 1');
  });

  it('passes once it was approved after the comment had named it, and not before', async () => {
    const double = await start();
    const first = await check({ inputs: { comment: 'true' } }, double);
    const approve = (at: string) =>
      double.state.reviews.set(1, [{ user: 'ada', state: 'APPROVED', commit: first.commits.head, at }]);
    approve('2020-01-01T00:00:00Z');
    expect((await again(first)).outputs['verdict']).toBe('needs-sign-off');
    approve('2099-01-01T00:00:00Z');
    expect((await again(first, { comment: 'true' })).outputs['verdict']).toBe('passed');
    expect(double.state.comments.length).toBe(1);
    expect(double.state.comments[0]?.body).toMatch(
      /slipway:sign-off \{"commit":"[0-9a-f]{40}","since":\{"sha256:/,
    );
  });

  it('cannot be approved by the author, or for an earlier commit', async () => {
    const double = await start();
    const first = await check({ inputs: { comment: 'true' } }, double);
    const at = '2099-01-01T00:00:00Z';
    double.state.reviews.set(1, [
      { user: 'mallory', state: 'APPROVED', commit: first.commits.head, at },
      { user: 'ada', state: 'APPROVED', commit: first.commits.base, at },
    ]);
    expect((await again(first)).outputs['verdict']).toBe('needs-sign-off');
  });

  it('by a team whose members the token cannot see says which token is needed', async () => {
    const double = await start();
    const first = await check({ inputs: { comment: 'true' } }, double);
    double.state.reviews.set(1, [
      { user: 'grace', state: 'APPROVED', commit: first.commits.head, at: '2099-01-01T00:00:00Z' },
    ]);
    const { outputs, log } = await again(first);
    expect([outputs['verdict'], log]).toEqual([
      'needs-sign-off',
      expect.stringContaining('cannot see the members of team acme/operators'),
    ]);
  });

  it('is not needed if nothing changed, and GitHub is not asked', async () => {
    const { outputs } = await check({ edits: {} });
    expect([outputs['verdict'], started[0]?.requests]).toEqual(['passed', []]);
  });

  it.each<[string, (text: string) => string | undefined, string]>([
    ['names other approvers', replacing('"@ada, @acme/operators"', 'eve'), 'needs-sign-off'],
    ['removes the rule', () => undefined, 'failed'],
    ['makes it a warning', replacing('[Deny]', '[Warn]'), 'failed'],
  ])('is for those whom the base names, though the pull request %s', async (_title, edit, verdict) => {
    const policies = edit(ADDRESS);
    const double = await start();
    const options = { edits: { ...edits, 'policies/address.yaml': policies }, inputs: { comment: 'true' } };
    const first = await check(options, double);
    const review = (user: string) =>
      double.state.reviews.set(1, [
        { user, state: 'APPROVED', commit: first.commits.head, at: '2099-01-01T00:00:00Z' },
      ]);
    expect(first.outputs['verdict']).toBe(verdict);
    expect(first.annotations.map(({ message }) => message).join()).toMatch(
      /after merge: .* (?:is changed|is removed)/,
    );
    review('eve');
    expect((await again(first)).outputs['verdict']).toBe(verdict);
    review('ada');
    expect((await again(first)).outputs['verdict']).toBe('passed');
  });
});

describe('the baseline', () => {
  const verdict = async (options: Partial<PullRequestOptions>) => (await check(options)).outputs['verdict'];

  it('may be none', async () => {
    expect(await verdict({ inputs: { baseline: 'none' } })).toBe('passed');
  });

  it('may be another commit, by its name', async () => {
    expect(await verdict({ eventName: 'push', inputs: { baseline: 'main' } })).toBe('needs-sign-off');
    expect(await verdict({ eventName: 'push' })).toBe('passed');
  });

  it('may be a rendered tree, or plain manifests', async () => {
    const before = await check({ edits: {} });
    const tree = before.outputs['report']?.replace(/\/production\/eu\/report.json$/, '') ?? '';
    expect(await verdict({ eventName: 'push', inputs: { baseline: tree } })).toBe('needs-sign-off');
    expect(
      await verdict({ eventName: 'push', inputs: { baseline: `${tree}/production/eu/manifests` } }),
    ).toBe('needs-sign-off');
  });

  it('is compared for plain manifests of the repository too', async () => {
    const service = (address: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: web }\nspec: { type: LoadBalancer, loadBalancerIP: ${address}, ports: [{ port: 80 }] }\n`;
    const plain = { 'deploy/web.yaml': service('10.0.0.1'), 'policies/address.yaml': ADDRESS };
    const inputs = { policies: 'policies' };
    const options = {
      files: plain,
      edits: { 'deploy/web.yaml': service('10.0.0.2') },
      manifests: 'deploy',
      inputs,
    };
    expect(await verdict(options)).toBe('needs-sign-off');
    const made = await check({
      ...options,
      manifests: 'out',
      before: checkout => git(checkout, 'mv', 'deploy', 'out') as never,
    });
    expect([made.outputs['verdict'], made.annotations.map(({ title }) => title)]).toEqual([
      'passed',
      ['Slipway: baseline/empty'],
    ]);
  });

  it('has the images that it had, even if one of them is no longer built', async () => {
    const cache = replacing(
      'services: { ',
      'services: { cache: { image: "docker.io/library/redis:7.4" }, ',
    )(APPLICATION['slipway.yaml'] as string);
    const before = {
      ...files,
      'slipway.yaml': cache,
      'stencils/cache.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: cache }\ndata: { image: "${image.cache}" }\n',
    };
    const gone = {
      ...edits,
      'slipway.yaml': APPLICATION['slipway.yaml'] as string,
      'stencils/cache.yaml': undefined,
    };
    expect(await verdict({ files: before, edits: gone })).toBe('needs-sign-off');
  });

  it('that cannot be rendered is an error if a rule needs it', async () => {
    const broken = {
      ...files,
      'stencils/broken.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\ndata: { a: "${config.nothing}" }\n',
    };
    const { exitCode, ...result } = await check({
      files: broken,
      edits: { ...edits, 'stencils/broken.yaml': undefined },
    });
    expect([exitCode, errors(result as Checked)]).toEqual([1, ['baseline/unreadable']]);
  });
});

describe('GitHub instead of Git', () => {
  it('provides the base to a checkout that cannot fetch', async () => {
    const double = await start();
    const { outputs, log } = await check(
      {
        before: checkout => {
          Object.assign(double.state, {
            directory: git(checkout, 'remote', 'get-url', 'origin').replace('file://', ''),
          });
          git(checkout, 'remote', 'remove', 'origin');
        },
      },
      double,
    );
    expect([outputs['verdict'], log]).toEqual([
      'needs-sign-off',
      expect.stringContaining('Rules come from the base commit'),
    ]);
    expect(double.requests.some(request => request.includes('/git/trees/'))).toBe(true);
  });
});

describe('the comment', () => {
  it('is one, has the content of the summary, and notifies no one', async () => {
    const message = 'ask @acme/everyone, see #1 <img src=x onerror=alert(1)> ::error::x';
    const policies = ADDRESS.replace('the address of the load balancer changed', JSON.stringify(message));
    const double = await start();
    const first = await check(
      { files: { ...files, 'policies/address.yaml': policies }, inputs: { comment: 'true' } },
      double,
    );
    await again(first, { comment: 'true' });
    const [{ body = '' } = {}, ...others] = double.state.comments;
    expect(others).toEqual([]);
    expect(body).toContain('Policy check: needs sign-off');
    expect(body.replace(/<!--.*?-->/g, '')).not.toMatch(/@\w|#\d+(?!\d*;)|<img|&#64;(?!&#8203;)/);
  });

  it('is not written if there are no findings, and updated once there are none', async () => {
    const double = await start();
    const fine = await check({ edits: {}, inputs: { comment: 'true' } }, double);
    expect([fine.log, double.state.comments]).toEqual([expect.stringContaining('No comment is needed'), []]);
  });

  it('cannot be written from a fork, which does not fail the step', async () => {
    const double = await start({ login: 'github-actions[bot]', comments: 'read' });
    const { exitCode, log } = await check({ fork: 'mallory/shop', inputs: { comment: 'true' } }, double);
    expect([exitCode, log]).toEqual([0, expect.stringContaining('the token of a run for a fork only read')]);
  });

  it('is written on pull requests only', async () => {
    const { exitCode, log } = await check({ eventName: 'merge_group', inputs: { comment: 'true' } });
    expect([exitCode, log]).toEqual([0, expect.stringContaining('this run is not for a pull request')]);
  });

  it('that GitHub rejects is a warning, and does not change the verdict', async () => {
    const double = await start();
    double.fail({ status: 0 }, { status: 0 }, { status: 0 }, { status: 422 });
    const { exitCode, summary, log } = await check({ inputs: { comment: 'true' } }, double);
    expect([exitCode, summary]).toEqual([0, expect.stringContaining('needs sign-off')]);
    expect(log).toContain('The comment could not be written: GitHub refuses what this request would write');
  });
});
