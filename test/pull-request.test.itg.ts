import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GitHubDouble, startGitHub } from '@slipway/testbed/github';
import { commit, type Files, git, pullRequest, repository, scratch } from '@slipway/testkit/git';
import { APPLICATION, edited } from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';
import { runWorkflow, useLocalActions, type WorkflowRun } from './support/act.ts';
import { ROOT } from './support/sources.ts';

const CHECK = readFileSync(join(ROOT, 'examples/shop/.github/workflows/pull-request.yml'), 'utf8');

/** The example's workflow for pull requests, run for one that makes a change. */
async function check(edits: Parameters<typeof edited>[1]): Promise<WorkflowRun> {
  const files = { ...APPLICATION, '.github/workflows/pull-request.yml': CHECK };
  const folder = repository(files);
  await useLocalActions(folder);
  commit(folder, {}, 'Bring the actions');
  const { base, head, merge } = pullRequest(folder, edited(files, edits));
  git(folder, 'checkout', '--quiet', merge);
  return await runWorkflow({
    repository: folder,
    file: 'pull-request.yml',
    event: 'pull_request',
    payload: {
      pull_request: { number: 1, base: { sha: base }, head: { sha: head }, user: { login: 'ada' } },
    },
    secrets: {},
    environment: {},
    path: '/usr/bin:/bin',
    home: scratch(),
  });
}

describe("the example's workflow for pull requests", () => {
  it('succeeds where nothing breaks a rule', async () => {
    const { exitCode, log } = await check({ 'stencils/web.yaml': replacing('port: 80', 'port: 81') });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(log).toContain('Rules come from the base commit');
  });

  it('fails for a pull request that breaks a rule and removes it', async () => {
    const { exitCode, log, summary } = await check({
      'stencils/web.yaml': replacing(', labels: { team: storefront }', ''),
      'policies/ownership.yaml': undefined,
    });
    expect([exitCode, log]).toEqual([
      1,
      expect.stringContaining('the review failed for shop, production/eu'),
    ]);
    expect(summary).toContain('the rules of the base commit, which apply until this is merged');
    expect(summary).toContain('is removed; it applies until this is merged');
  });
});

/** A workflow that the README of the action shows. */
const [REVIEW = ''] = [
  ...readFileSync(join(ROOT, 'actions/pull-request/README.md'), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms),
].map(([, text = '']) => text);

/** What no one would write, and a pull request may: Markdown, HTML, mentions, workflow commands, and ends of fences and tables. */
const HOSTILE =
  '</details> | <img src=x onerror=alert(1)> @acme/everyone [x](javascript:alert(1)) ``` ~~~ ![](https://example.org/x.png) ::error::pwned';
const FORMATIONS = 30;
const KINDS = 12;

function formation(number: number, name = `f-${number}`): Files {
  return {
    [`formations/${name}.yaml`]: `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: ${name} }
spec:
  kubernetes: "1.34"
  destinations: { main: { namespace: shop-${number} } }
`,
  };
}

/** A rule that every ConfigMap with the label breaks. */
function rule(name: string, annotations: string): string {
  return `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: ${name} }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [configmaps] }]
    objectSelector: { matchLabels: { kind: ${name} } }
  validations:
    - expression: "false"
      messageExpression: object.metadata.name + ' of ${name} ' + object.data.message
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: ${name}, annotations: { ${annotations} } }
spec: { policyName: ${name}, validationActions: [Deny] }
`;
}

const config = (name: string, kind: string, data: Readonly<Record<string, string>>): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, labels: { kind: ${kind} } }\ndata: ${JSON.stringify(data)}\n`;

const settings = (value: string): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: 2500 }, (_, index) => [`setting-${index}`, `${value} ${index}`]));

describe('the step of the README, for a pull request that is large and hostile', () => {
  let double: GitHubDouble;
  let result: WorkflowRun;
  let head: string;
  let body: string;

  beforeAll(async () => {
    const files: Files = {
      ...APPLICATION,
      'formations/production.yaml': undefined,
      ...Object.assign({}, ...Array.from({ length: FORMATIONS }, (_, index) => formation(index))),
      'stencils/settings.yaml': config('settings', 'none', settings('before')),
      'policies/sizes.yaml': `${rule('refused', '')}---\n${rule('looked-at', 'slipway.dev/sign-off: "@ada"')}`,
      '.github/workflows/review.yml': REVIEW,
    };
    const folder = repository(files);
    git(folder, 'remote', 'add', 'origin', 'https://github.com/acme/shop');
    await useLocalActions(folder);
    commit(folder, {}, 'Bring the actions');
    const wrong = Array.from({ length: KINDS }, (_, index) => [
      config(`bad-${index}`, 'refused', { message: HOSTILE }),
      config(`new-${index}`, 'looked-at', { message: HOSTILE, [`key-${index}`]: `${HOSTILE}\n${HOSTILE}` }),
    ]).flat();
    const commits = pullRequest(folder, {
      'stencils/settings.yaml': config('settings', 'none', settings(HOSTILE)),
      'stencils/a](x) <b> `c` | d ::error::e.yaml': wrong.join('---\n'),
    });
    head = commits.head;
    git(folder, 'checkout', '--quiet', commits.merge);
    double = await startGitHub({
      directory: folder,
      tokens: new Map([
        ['ghs_1', { login: 'github-actions[bot]', comments: 'write', statuses: 'write' } as const],
      ]),
    });
    result = await runWorkflow({
      repository: folder,
      file: 'review.yml',
      event: 'pull_request',
      payload: {
        pull_request: {
          number: 1,
          title: HOSTILE,
          base: { sha: commits.base, ref: 'main' },
          head: { sha: head, ref: 'x::error::y', repo: { full_name: 'acme/shop' } },
          user: { login: 'mallory' },
        },
      },
      secrets: { GITHUB_TOKEN: 'ghs_1' },
      environment: { GITHUB_API_URL: double.apiUrl },
      path: '/usr/bin:/bin',
      home: scratch(),
    });
    body = double.state.comments[0]?.body ?? '';
  }, 600_000);

  afterAll(async () => await double?.stop());

  it('fails with its verdict as the status, in few requests that GitHub knows', () => {
    expect([result.exitCode, result.jobs]).toEqual([1, [{ id: 'review', result: 'failure' }]]);
    expect(double.problems).toEqual([]);
    expect(double.state.statuses.filter(({ commit: of }) => of === head).at(-1)).toMatchObject({
      context: 'slipway/shop',
      state: 'failure',
      description: `${KINDS} errors, ${KINDS} sign-offs`,
    });
    expect(double.requests.length).toBeLessThanOrEqual(10);
  });

  it('has one comment that GitHub takes, whose title counts everything', () => {
    expect(double.state.comments.length).toBe(1);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toContain(`in all ${FORMATIONS} destinations`);
    expect(body).toMatch(new RegExp(`^### ❌ shop: .*, ${KINDS} errors, ${KINDS} sign-offs$`, 'm'));
  });

  it('lists the fingerprint of every sign-off uncut, in each destination', () => {
    const listed = new Set(body.match(/"sha256:[0-9a-f]{64}":"[^"]+Z"/g));
    expect(listed.size).toBe(KINDS * FORMATIONS);
  });

  it('shows every finding, or says how many it leaves out and where they are, and the log has all', () => {
    for (const what of ['bad', 'new']) {
      const shown = Array.from({ length: KINDS }, (_, index) => `${what}-${index} of `).filter(name =>
        body.includes(name),
      );
      const rest = [...body.matchAll(/^(\d+) more are in the log of the run\.$/gm)].map(([, count]) =>
        Number(count),
      );
      expect([shown.length, KINDS - shown.length]).toEqual([
        shown.length,
        shown.length === KINDS ? 0 : rest.find(count => count === KINDS - shown.length),
      ]);
      for (let index = 0; index < KINDS; index++) expect(result.log).toContain(`${what}-${index} of `);
    }
  });

  it('says that the diff is cut', () => {
    expect(body).toMatch(/and \d+ more fields|Which fields change is in the summary of the run/);
    expect(Buffer.byteLength(result.summary)).toBeLessThanOrEqual(1024 * 1024);
  });

  it('lets nothing of the pull request be Markdown, a mention, or a command of the runner', () => {
    const outside = body.replaceAll(/^(`{3,})diff\n.*?^\1$/gms, '');
    for (const raw of ['<img', '@acme/everyone', '](javascript:', '![](', '</details> |'])
      expect(outside).not.toContain(raw);
    expect(result.log).not.toMatch(/^::error::pwned/m);
    const opened = outside.match(/<details/g)?.length ?? 0;
    expect(outside.match(/<\/details>/g)?.length ?? 0).toBe(opened);
  });
});
