import { afterEach, describe, expect, it } from '@jest/globals';
import { type GitHubDouble, startGitHub, type Token } from '@slipway/testbed/github';
import { type Files, git, pullRequest, repository, scratch, write } from '@slipway/testkit/git';
import {
  APPLICATION,
  type Checked,
  type Edits,
  edited,
  type PullRequestOptions,
  reviewPullRequest,
} from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';

const started: GitHubDouble[] = [];
afterEach(async () => {
  const doubles = started.splice(0);
  await Promise.all(doubles.map(double => double.stop()));
  expect(doubles.flatMap(({ problems }) => problems)).toEqual([]);
});

const WRITER: Token = { login: 'github-actions[bot]', comments: 'write', statuses: 'write' };

/** A repository at GitHub's double. */
interface Hosted {
  readonly origin: string;
  readonly double: GitHubDouble;
}

async function host(files: Files = APPLICATION, token = WRITER): Promise<Hosted> {
  const origin = repository(files);
  const double = await startGitHub({ directory: origin, tokens: new Map([['ghs_1', token]]), pageSize: 30 });
  started.push(double);
  return { origin, double };
}

type Options = Omit<Partial<PullRequestOptions>, 'files' | 'edits' | 'environment'>;

/** Pull request 1 with these changes; another call with its `push` is another push to it. */
async function review(
  { origin, double }: Hosted,
  changes: Files,
  { push = 1, ...options }: Options & { readonly push?: number } = {},
  actor = 'mallory',
): Promise<Checked> {
  return await reviewPullRequest({
    edits: {},
    of: { origin, commits: pullRequest(origin, changes, push) },
    ...options,
    environment: { GITHUB_API_URL: double.apiUrl, GITHUB_ACTOR: actor },
    inputs: { token: 'ghs_1', ...options.inputs },
  });
}

/** The comment without the mark that tells it apart. */
function commentOf({ double: { state } }: Hosted): string {
  expect(state.comments.length).toBe(1);
  return (state.comments[0]?.body ?? '').replace(/^(?:<!--.*-->\n)+/, '');
}

/** The states of the commit, the oldest first. */
function statesOf({ double: { state } }: Hosted, commit: string): string[] {
  return state.statuses
    .filter(status => status.commit === commit)
    .map(({ context, state: value, description }) => `${context} ${value}: ${description}`);
}

const changed = (edits: Edits, files: Files = APPLICATION): Files => edited(files, edits);
const SCALE: Edits = {
  'stencils/web.yaml': replacing('spec:\n  selector', 'spec:\n  replicas: 3\n  selector'),
};
const SCALED = changed(SCALE);
const BROKEN = changed({ 'stencils/web.yaml': replacing('image: ${image.web}', 'image: ${image.wbe}') });
const UNRELATED: Files = { 'README.md': 'Hello\n' };

describe('a pull request', () => {
  it('gets one comment with what it changes, and a status', async () => {
    const hosted = await host();
    const { exitCode, outputs, log, commits } = await review(hosted, SCALED);
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect([outputs['verdict'], outputs['changes'], outputs['errors']]).toEqual(['passed', '1', '0']);
    const comment = commentOf(hosted);
    expect(comment).toContain('### ✅ shop: 1 object changes\n');
    expect(comment).toContain(`https://github.com/acme/shop/blob/${commits.merge}/stencils/web.yaml#L5`);
    expect(comment).toContain('```diff\n@@ Deployment web @@\n+ spec.replicas: 3\n```');
    expect(statesOf(hosted, commits.head)).toEqual([
      'slipway/shop pending: is being checked',
      'slipway/shop success: 1 object changes',
    ]);
  });

  it('has links to its own files where its checkout is in a folder', async () => {
    const hosted = await host();
    const { commits } = await review(hosted, SCALED, {
      folder: 'app',
      inputs: { application: 'app/slipway.yaml' },
    });
    expect(commentOf(hosted)).toContain(`/acme/shop/blob/${commits.merge}/stencils/web.yaml#L5`);
  });

  it('that changes no manifest gets no comment, unless it always shall', async () => {
    const hosted = await host();
    const { commits } = await review(hosted, UNRELATED);
    expect(hosted.double.state.comments).toEqual([]);
    expect(statesOf(hosted, commits.head).at(-1)).toBe('slipway/shop success: no manifest changes');
    await review(hosted, UNRELATED, { push: 2, inputs: { comment: 'always' } });
    expect(commentOf(hosted)).toBe('### ✅ shop: no manifest changes\n');
  });

  it('whose changes were taken back keeps one line', async () => {
    const hosted = await host();
    await review(hosted, SCALED);
    await review(hosted, UNRELATED, { push: 2 });
    expect(commentOf(hosted)).toBe('### ✅ shop: no manifest changes\n');
  });

  it('with a mistake fails, on its line, in the comment and as the status', async () => {
    const hosted = await host();
    const wrong = changed({ 'stencils/web.yaml': replacing('          image:', '          imagee:') });
    const { exitCode, outputs, annotations, commits } = await review(hosted, wrong);
    expect([exitCode, outputs['error'], outputs['verdict']]).toEqual([1, 'review-failed', 'failed']);
    expect(annotations[0]).toMatchObject({ severity: 'error', file: 'stencils/web.yaml', line: 12 });
    expect(commentOf(hosted)).toMatch(
      /^### ❌ shop: 1 object changes, pods of 1 workload restart, \d errors?\n/,
    );
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/shop failure: \d errors?/);
  });

  it('whose files cannot be rendered has the errors in the same comment', async () => {
    const hosted = await host();
    await review(hosted, SCALED);
    const { exitCode, outputs, commits } = await review(hosted, BROKEN, { push: 2 });
    expect([exitCode, outputs['error']]).toEqual([1, 'word-unknown']);
    expect([outputs['verdict'], outputs['errors'], outputs['changes']]).toEqual(['failed', '1', '']);
    expect(commentOf(hosted)).toMatch(/^### ❌ shop: 1 error, so the changes are not known\n/);
    expect(commentOf(hosted)).toContain('word-unknown');
    expect(statesOf(hosted, commits.head).at(-1)).toBe(
      'slipway/shop failure: 1 error, so the changes are not known',
    );
  });

  it('whose base cannot be rendered is compared with nothing, and that is said', async () => {
    const hosted = await host({ ...APPLICATION, ...BROKEN });
    const repaired: Files = { 'stencils/web.yaml': APPLICATION['stencils/web.yaml'] ?? '' };
    const { outputs, log } = await review(hosted, repaired);
    expect([outputs['verdict'], outputs['verdict'] === 'passed' ? '' : log]).toEqual(['passed', '']);
    expect(commentOf(hosted)).toContain('shop: the changes are not known');
    expect(commentOf(hosted)).toContain(
      'the objects of the base commit cannot be read: stencils/web.yaml:12:18: unknown word',
    );
    expect(commentOf(hosted)).toContain('fix that on the base branch, unless this pull request does');
  });

  it('whose base has an application that cannot be read is not judged by what it would be instead', async () => {
    const hosted = await host({ ...APPLICATION, 'slipway.yaml': 'kind: [\n' });
    const repaired: Files = { 'slipway.yaml': APPLICATION['slipway.yaml'] ?? '' };
    const { exitCode, outputs, commits } = await review(hosted, repaired);
    expect([exitCode, outputs['verdict'], outputs['error']]).toEqual([1, 'failed', 'base-broken']);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/shop failure: 1 error/);
  });

  it('leaves a comment of another bot alone that looks like its own', async () => {
    const hosted = await host();
    await review(hosted, SCALED);
    const [own] = hosted.double.state.comments;
    const copied = String(own?.body);
    hosted.double.state.comments.splice(0, 1, { id: 1, pull: 1, user: 'coverage[bot]', body: copied });
    await review(hosted, UNRELATED, { push: 2 });
    await review(hosted, SCALED, { push: 3 });
    expect(hosted.double.state.comments.map(({ user, body }) => [user, body === copied])).toEqual([
      ['coverage[bot]', true],
      ['github-actions[bot]', false],
    ]);
  });

  it('that adds an environment and removes one shows both', async () => {
    const hosted = await host();
    const moved = (APPLICATION['formations/production.yaml'] as string).replace('eu:', 'us:');
    await review(hosted, { 'formations/production.yaml': moved });
    expect(commentOf(hosted)).toContain('2 objects change');
    expect(commentOf(hosted)).toContain('<code>production/eu</code> leaves the formations');
  });
});

describe('what no manifest shows', () => {
  const PLACED: Files = {
    ...APPLICATION,
    ...changed({
      'formations/production.yaml': replacing('namespace: shop', 'namespace: shop, context: one'),
    }),
  };

  it.each<[string, Edits, string]>([
    [
      'another image of a service',
      { 'slipway.yaml': replacing('nginx:1.29', 'nginx:1.30') },
      '+ spec.services.web.image: docker.io/library/nginx:1.30',
    ],
    [
      'another cluster',
      { 'formations/production.yaml': replacing('context: one', 'context: two') },
      '<code>production/eu</code> has another context or server',
    ],
  ])('gets a comment all the same: %s', async (_title, edits, text) => {
    const hosted = await host(PLACED);
    const { log, commits } = await review(hosted, changed(edits, PLACED));
    expect(log).not.toContain('No comment is needed');
    expect(commentOf(hosted)).toContain('### ✅ shop: no manifest changes, 1 setting changes\n');
    expect(commentOf(hosted)).toContain(text);
    expect(statesOf(hosted, commits.head).at(-1)).toBe(
      'slipway/shop success: no manifest changes, 1 setting changes',
    );
  });

  it('is what stays in a namespace that a destination leaves, which is not called removed', async () => {
    const hosted = await host(PLACED);
    await review(
      hosted,
      changed({ 'formations/production.yaml': replacing('namespace: shop', 'namespace: store') }, PLACED),
    );
    expect(commentOf(hosted)).toContain('### ✅ shop: 2 objects change, 1 setting changes\n');
    expect(commentOf(hosted)).not.toContain('is removed');
    expect(commentOf(hosted)).toContain('leaves the namespace <code>shop</code>: what runs in that stays');
  });
});

describe('a change that needs a sign-off', () => {
  const files: Files = {
    ...APPLICATION,
    'policies/size.yaml': `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: size }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [apps], apiVersions: [v1], operations: [UPDATE], resources: [deployments] }]
  validations:
    - expression: object.spec.?replicas == oldObject.spec.?replicas
      message: the size changed
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: size, annotations: { slipway.dev/sign-off: "@ada, @acme/operators" } }
spec: { policyName: size, validationActions: [Deny] }
`,
  };

  it('waits in the status and not as a failure, until the same status succeeds', async () => {
    const hosted = await host(files);
    const first = await review(hosted, changed(SCALE, files));
    expect([first.exitCode, first.outputs['verdict']]).toEqual([0, 'needs-sign-off']);
    expect(commentOf(hosted)).toContain('### ⏳ shop: 1 object changes, 1 sign-off');
    expect(statesOf(hosted, first.commits.head).at(-1)).toBe(
      'slipway/shop pending: waits for @ada or @acme/operators',
    );
    const at = '2099-01-01T00:00:00Z';
    hosted.double.state.reviews.set(1, [{ user: 'ada', state: 'APPROVED', commit: first.commits.head, at }]);
    const second = await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits: first.commits },
      eventName: 'pull_request_review',
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1' },
    });
    expect([second.exitCode, second.outputs['verdict']]).toEqual([0, 'passed']);
    expect(statesOf(hosted, first.commits.head).at(-1)).toMatch(/^slipway\/shop success: 1 object changes/);
  });

  it('can be approved in several destinations by what its one finding says, without a comment', async () => {
    const two: Files = {
      ...files,
      ...edited(files, {
        'formations/production.yaml': replacing('eu: {', 'us: { namespace: shop-us }, eu: {'),
      }),
    };
    const hosted = await host(two);
    const first = await review(hosted, changed(SCALE, two), { inputs: { comment: 'never' } });
    expect(first.outputs['sign-off']).toBe('2');
    const [, said = ''] = /with (.*) in the review/.exec(first.log) ?? [];
    expect(said).toMatch(/^"sign-off [0-9a-f]{12}" and "sign-off [0-9a-f]{12}"$/);
    const at = '2099-01-01T00:00:00Z';
    const { head } = first.commits;
    hosted.double.state.reviews.set(1, [{ user: 'ada', state: 'APPROVED', commit: head, at, body: said }]);
    const second = await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits: first.commits },
      eventName: 'pull_request_review',
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1', comment: 'never' },
    });
    expect([second.exitCode, second.outputs['verdict']]).toEqual([0, 'passed']);
  });

  it('does not wait in the merge queue for what was approved on the pull request', async () => {
    const hosted = await host(files);
    const changes = changed(SCALE, files);
    const first = await review(hosted, changes);
    const at = '2099-01-01T00:00:00Z';
    hosted.double.state.reviews.set(1, [{ user: 'ada', state: 'APPROVED', commit: first.commits.head, at }]);
    const { head, base } = first.commits;
    hosted.double.state.pulls.push({
      number: 1,
      author: 'mallory',
      head,
      base,
      commits: [head],
      branch: 'change-1',
    });
    const queued = await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits: first.commits },
      eventName: 'merge_group',
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1' },
    });
    expect([queued.exitCode, queued.outputs['verdict']]).toEqual([0, 'passed']);
    expect(statesOf(hosted, first.commits.merge).at(-1)).toMatch(/^slipway\/shop success/);
  });
});

describe('more sign-offs than a comment can list', () => {
  const settings = (number: number): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings-${number} }\n`;
  const files: Files = {
    'k8s/one.yaml': settings(0),
    'policies/new.yaml': `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: new }
spec:
  matchConstraints:
    resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]
  validations: [{ expression: "false", message: someone has to look at it }]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: new, annotations: { slipway.dev/sign-off: "@ada" } }
spec: { policyName: new, validationActions: [Deny] }
`,
  };
  const many = Array.from({ length: 407 }, (_, index) => settings(index + 1)).join('---\n');
  const inputs = { manifests: 'k8s', policies: 'policies', packs: 'none' };

  it('count only if they were listed, or named in the review as the log says', async () => {
    const hosted = await host(files);
    const first = await review(hosted, { 'k8s/many.yaml': many }, { inputs });
    expect(first.outputs['sign-off']).toBe('407');
    const [comment] = hosted.double.state.comments;
    expect(comment?.body.match(/"sha256:[0-9a-f]{64}":/g)?.length).toBe(400);
    expect(comment?.body).toContain('**7 of 407 sign-offs are not listed in this comment**');
    const named = [...first.log.matchAll(/^Not listed in the comment: (sign-off [0-9a-f]{12}): /gm)].map(
      ([, what]) => what,
    );
    expect(new Set(named).size).toBe(7);
    const { head } = first.commits;
    const approved = async (body: string) => {
      const at = '2099-01-01T00:00:00Z';
      hosted.double.state.reviews.set(1, [{ user: 'ada', state: 'APPROVED', commit: head, at, body }]);
      return await reviewPullRequest({
        edits: {},
        of: { origin: hosted.origin, commits: first.commits },
        eventName: 'pull_request_review',
        environment: { GITHUB_API_URL: hosted.double.apiUrl },
        inputs: { token: 'ghs_1', ...inputs },
      });
    };
    const listed = await approved('');
    expect([listed.outputs['verdict'], listed.outputs['sign-off']]).toEqual(['needs-sign-off', '7']);
    expect(statesOf(hosted, head).at(-1)).toBe('slipway/manifests pending: waits for @ada');
    expect((await approved(named.slice(1).join('\n'))).outputs['sign-off']).toBe('1');
    expect((await approved(named.join('\n'))).outputs['verdict']).toBe('passed');
    expect(statesOf(hosted, head).at(-1)).toMatch(/^slipway\/manifests success: /);
  });
});

describe('plain manifests of a repository that has adopted nothing', () => {
  const files: Files = {
    'k8s/web.yaml': `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
  };

  it('are compared with those of the base', async () => {
    const hosted = await host(files);
    const moved = changed({ 'k8s/web.yaml': replacing('port: 80', 'port: 81') }, files);
    const { exitCode, log, commits } = await review(hosted, moved, { manifests: 'k8s' });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(commentOf(hosted)).toContain('+ spec.ports[81]: {"port":81}');
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/manifests success: 1 object changes/);
  });

  it('have a comment beside that of an application', async () => {
    const hosted = await host({ ...APPLICATION, ...files });
    const moved = changed(
      { ...SCALE, 'k8s/web.yaml': replacing('port: 80', 'port: 81') },
      { ...APPLICATION, ...files },
    );
    await review(hosted, moved);
    await review(hosted, moved, { push: 2, manifests: 'k8s' });
    const bodies = hosted.double.state.comments.map(({ body }) => body);
    expect(bodies).toEqual([
      expect.stringContaining('### ✅ shop: 1 object changes'),
      expect.stringContaining('### ✅ 1 object changes'),
    ]);
  });

  it.each([
    ['alone', 'rendered', 'rendered/web.yaml'],
    ['beside committed ones', 'k8s', 'k8s/more.yaml'],
  ])('that a step of the job wrote are not called new: %s', async (_title, manifests, path) => {
    const hosted = await host(files);
    const { exitCode, outputs, commits } = await review(hosted, UNRELATED, {
      inputs: { manifests },
      before: checkout =>
        write(checkout, { [path]: String(files['k8s/web.yaml']).replace('name: web', 'name: other') }),
    });
    expect([exitCode, outputs['changes']]).toEqual([0, '']);
    expect(commentOf(hosted)).toMatch(/^### ✅ The changes are not known/);
    expect(commentOf(hosted)).toContain(
      'is not a file of the commit, so there is nothing to compare it with',
    );
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(
      /^slipway\/manifests success: the changes are not known/,
    );
  });

  it('outside of the workspace are not called new either', async () => {
    const hosted = await host(files);
    const folder = scratch();
    write(folder, { 'web.yaml': files['k8s/web.yaml'] });
    const { outputs } = await review(hosted, UNRELATED, { inputs: { manifests: `${folder}/web.yaml` } });
    expect(outputs['changes']).toBe('');
    expect(commentOf(hosted)).toContain('is not a file of the commit');
  });

  it('that cannot be read any more are not taken for removed', async () => {
    const both = {
      ...files,
      'k8s/api.yaml': String(files['k8s/web.yaml']).replace('name: web', 'name: api'),
    };
    const hosted = await host(both);
    const { exitCode, outputs } = await review(hosted, { 'k8s/web.yaml': 'a: [\n' }, { manifests: 'k8s' });
    expect([exitCode, outputs['verdict'], outputs['changes']]).toEqual([1, 'failed', '']);
    expect(commentOf(hosted)).toMatch(/^### ❌ The changes are not known, 1 error/);
    expect(commentOf(hosted)).not.toContain('removed');
  });
});

describe('two checks with one name', () => {
  const files: Files = {
    'one/web.yaml': `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
    'two/web.yaml': `apiVersion: v1
kind: Service
metadata: { name: other }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`,
  };
  const wrong = edited(files, { 'one/web.yaml': replacing('port: 80', 'prt: 80') });

  /** Another step of the same job. */
  const step = async (
    hosted: Hosted,
    { commits }: Checked,
    inputs: Record<string, string>,
  ): Promise<Checked> =>
    await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits },
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1', ...inputs },
    });

  it('fail both, in whichever order they run, since a success must not hide a failure', async () => {
    const hosted = await host(files);
    const first = await review(hosted, wrong, { inputs: { manifests: 'one' } });
    expect(statesOf(hosted, first.commits.head).at(-1)).toMatch(/^slipway\/manifests failure: \d errors?/);
    const second = await step(hosted, first, { manifests: 'two' });
    expect([second.exitCode, second.outputs['error'], second.outputs['verdict']]).toEqual([
      1,
      'status-shared',
      'failed',
    ]);
    expect(statesOf(hosted, first.commits.head).at(-1)).toBe(
      'slipway/manifests failure: several checks have this name, so that one result would hide the other; see the log',
    );
    const again = await step(hosted, first, { manifests: 'one' });
    expect(again.exitCode).toBe(1);
    expect(statesOf(hosted, first.commits.head).at(-1)).toContain('failure: several checks');
  });

  it('are told apart by their rules too, as legs of a matrix are', async () => {
    const hosted = await host(files);
    const first = await review(hosted, UNRELATED, {
      inputs: { manifests: 'one', 'kubernetes-version': '1.33' },
    });
    expect(first.exitCode).toBe(0);
    const second = await step(hosted, first, { manifests: 'one', 'kubernetes-version': '1.34' });
    expect(second.outputs['error']).toBe('status-shared');
  });

  it('are told apart by what makes them fail', async () => {
    const hosted = await host(files);
    const first = await review(hosted, UNRELATED, { inputs: { manifests: 'one', 'fail-on': 'warning' } });
    expect(first.outputs['error']).toBe('review-failed');
    const second = await step(hosted, first, { manifests: 'one' });
    expect(second.outputs['error']).toBe('status-shared');
  });

  it('are two with a name for each, with a comment and a heading of their own', async () => {
    const hosted = await host(files);
    const first = await review(hosted, wrong, { inputs: { manifests: 'one', name: 'k8s/one' } });
    await step(hosted, first, { manifests: 'two', name: 'k8s/two', comment: 'always' });
    expect(statesOf(hosted, first.commits.head).filter(text => !text.includes('pending'))).toEqual([
      expect.stringMatching(/^slipway\/k8s\/one failure: /),
      'slipway/k8s/two success: no manifest changes, 1 warning',
    ]);
    expect(hosted.double.state.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('### ❌ k8s/one: 1 object changes'),
      expect.stringContaining('### ✅ k8s/two: no manifest changes, 1 warning'),
    ]);
  });
});

describe('an application that gets another name', () => {
  const renamed: Edits = { 'slipway.yaml': replacing('name: shop', 'name: store') };

  it('has its result under both names, which one sentence explains', async () => {
    const hosted = await host();
    const { exitCode, log, commits } = await review(hosted, changed(renamed));
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    const sentence =
      '"slipway.yaml" is the application "shop" in the base commit and "store" here: rules of the branch have to require "slipway/store" instead of "slipway/shop" once this is merged';
    expect(log).toContain(sentence);
    expect(commentOf(hosted)).toMatch(/is the application .*shop.* in the base commit and .*store.* here/);
    expect(statesOf(hosted, commits.head).slice(2)).toEqual([
      expect.stringMatching(/^slipway\/store success: /),
      expect.stringMatching(/^slipway\/shop success: is "store" from now on: /),
    ]);
  });

  it('has it under both names in a folder of the workspace too, which need not be a checkout', async () => {
    const hosted = await host();
    const { exitCode, log, commits } = await review(hosted, changed(renamed), {
      folder: 'app',
      inputs: { application: 'app/slipway.yaml' },
    });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(statesOf(hosted, commits.head).slice(2)).toEqual([
      expect.stringMatching(/^slipway\/store success: /),
      expect.stringMatching(/^slipway\/shop success: is "store" from now on: /),
    ]);
  });

  it('does not get rid of a failure that way', async () => {
    const hosted = await host();
    await review(hosted, BROKEN);
    const { commits } = await review(hosted, changed({ ...BROKEN, ...renamed }), { push: 2 });
    expect(statesOf(hosted, commits.head).slice(2)).toEqual([
      expect.stringMatching(/^slipway\/store failure: /),
      expect.stringMatching(/^slipway\/shop failure: is "store" from now on: /),
    ]);
    expect(commentOf(hosted)).toMatch(/^### ❌ store/);
  });

  it('cannot give its old name to another one, whose result would count for it', async () => {
    const two: Files = {
      ...APPLICATION,
      ...inFolder('more', { 'slipway.yaml': replacing('name: shop', 'name: more') }),
    };
    const hosted = await host(two);
    const swapped = edited(two, { ...renamed, 'more/slipway.yaml': replacing('name: more', 'name: shop') });
    const { outputs, log, commits } = await review(
      hosted,
      { ...swapped, ...BROKEN },
      {
        inputs: { application: 'slipway.yaml, more/slipway.yaml' },
      },
    );
    expect(outputs['verdict']).toBe('failed');
    expect(log).toContain('application-name-taken');
    for (const name of ['shop', 'more', 'store'])
      expect(statesOf(hosted, commits.head).findLast(text => text.startsWith(`slipway/${name} `))).toContain(
        ' failure: ',
      );
  });
});

/** The application in a folder of its own. */
function inFolder(folder: string, edits: Edits = {}): Files {
  const files = { ...APPLICATION, ...edited(APPLICATION, edits) };
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]));
}

describe('an application that is removed', () => {
  const two: Files = {
    ...APPLICATION,
    ...inFolder('more', { 'slipway.yaml': replacing('name: shop', 'name: more') }),
  };
  const gone = Object.fromEntries(Object.keys(inFolder('more')).map(path => [path, undefined]));

  it('fails under its own name while the workflow names it', async () => {
    const hosted = await host(two);
    const { exitCode, outputs, commits } = await review(hosted, gone, {
      inputs: { application: 'more/slipway.yaml' },
    });
    expect([exitCode, outputs['error']]).toEqual([1, 'file-missing']);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/more failure: 1 error/);
  });

  it('leaves its status waiting with the reason, never a success, and shortens its comment', async () => {
    const hosted = await host(two);
    const scaled = edited(two, { 'more/stencils/web.yaml': SCALE['stencils/web.yaml'] });
    await review(hosted, scaled, { inputs: { application: 'more/slipway.yaml' } });
    const { exitCode, log, commits } = await review(hosted, gone, { push: 2 });
    expect(exitCode).toBe(0);
    expect(log).toContain(
      '"more/slipway.yaml" is the application "more" in the base commit and is removed here',
    );
    expect(statesOf(hosted, commits.head)).toEqual([
      'slipway/shop pending: is being checked',
      'slipway/shop success: no manifest changes',
      expect.stringMatching(/^slipway\/more pending: waits for whoever manages the rules of the branch/),
    ]);
    expect(commentOf(hosted)).toMatch(/^### more: leaves\n/);
  });

  it('leaves its status waiting for steps with other rules too, which do not conflict', async () => {
    const third = inFolder('third', { 'slipway.yaml': replacing('name: shop', 'name: third') });
    const hosted = await host({ ...two, ...third });
    const { commits } = await review(hosted, gone);
    const other = await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits },
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1', application: 'third/slipway.yaml', 'kubernetes-version': '1.34' },
    });
    const ofRemoved = statesOf(hosted, commits.head).filter(text => text.startsWith('slipway/more'));
    expect([other.exitCode, other.exitCode === 0 ? '' : other.log]).toEqual([0, '']);
    expect(ofRemoved).toEqual([expect.stringMatching(/^slipway\/more pending: waits for whoever/)]);
  });

  it('is noticed in a folder of the workspace too', async () => {
    const hosted = await host(two);
    const { exitCode, commits } = await review(hosted, gone, {
      folder: 'app',
      inputs: { application: 'app/slipway.yaml' },
    });
    expect(exitCode).toBe(0);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(
      /^slipway\/more pending: waits for whoever manages/,
    );
  });

  it('is not taken for removed if it moved', async () => {
    const hosted = await host(two);
    const moved = {
      ...gone,
      ...inFolder('moved', { 'slipway.yaml': replacing('name: shop', 'name: more') }),
    };
    const { log, commits } = await review(hosted, moved, { inputs: { application: 'moved/slipway.yaml' } });
    expect(log).not.toContain('is removed here');
    expect(statesOf(hosted, commits.head).map(text => text.replace(/ .*/, ''))).toEqual([
      'slipway/more',
      'slipway/more',
    ]);
  });
});

describe('an application that moves', () => {
  it('keeps its status where another leg of the matrix sees that its folder is gone', async () => {
    const two: Files = {
      ...APPLICATION,
      ...inFolder('more', { 'slipway.yaml': replacing('name: shop', 'name: more') }),
    };
    const hosted = await host(two);
    const moved = {
      ...Object.fromEntries(Object.keys(inFolder('more')).map(path => [path, undefined])),
      ...inFolder('moved', { 'slipway.yaml': replacing('name: shop', 'name: more') }),
    };
    const { log, commits } = await review(hosted, moved);
    expect(log).toContain(
      '"more/slipway.yaml" is the application "more" in the base commit, and "moved/slipway.yaml" is it here',
    );
    expect(log).not.toContain('is removed here');
    const leg = await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits },
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1', application: 'moved/slipway.yaml' },
    });
    expect([leg.exitCode, leg.exitCode === 0 ? '' : leg.log]).toEqual([0, '']);
    expect(statesOf(hosted, commits.head).map(text => text.replace(/:.*/, ''))).toEqual([
      'slipway/shop pending',
      'slipway/shop success',
      'slipway/more pending',
      'slipway/more success',
    ]);
  });
});

describe('a run without rights', () => {
  it('of a fork shows everything in the log and the summary, and does not fail', async () => {
    const hosted = await host(APPLICATION, {
      login: 'github-actions[bot]',
      comments: 'read',
      statuses: 'read',
    });
    const { exitCode, log, summary } = await review(hosted, SCALED, { fork: 'mallory/shop' });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(hosted.double.state.comments).toEqual([]);
    expect(hosted.double.state.statuses).toEqual([]);
    expect(log).toContain(
      'The status "slipway/shop" is not set: GitHub lets the token of a run for a fork only read',
    );
    expect(summary).toContain('+ spec.replicas: 3');
  });

  it('of Dependabot says which permission would let it set the status', async () => {
    const token: Token = { login: 'github-actions[bot]', comments: 'read', statuses: 'read' };
    const hosted = await host(APPLICATION, token);
    const { log } = await review(hosted, SCALED, {}, 'dependabot[bot]');
    expect(log).toContain('unless there is "statuses: write" under "permissions" of the job');
  });

  it('says that nothing is set or written without a token', async () => {
    const hosted = await host();
    const { exitCode, log } = await review(hosted, SCALED, { inputs: { token: '' } });
    expect([exitCode, hosted.double.requests]).toEqual([0, []]);
    expect(log).toContain('The status "slipway/shop" is not set: there is no token');
    expect(log).toContain('No comment is written');
  });

  it('says which permission the comment needs', async () => {
    const token: Token = { login: 'github-actions[bot]', comments: 'read', statuses: 'write' };
    const hosted = await host(APPLICATION, token);
    const { exitCode, log, commits } = await review(hosted, SCALED);
    expect([exitCode, hosted.double.state.comments]).toEqual([0, []]);
    expect(log).toContain(
      'No comment is written: the token needs "pull-requests: write" under "permissions" of the job; the summary of the run has everything',
    );
    expect(statesOf(hosted, commits.head).at(-1)).toBe('slipway/shop success: 1 object changes');
  });

  it('says which permission the status needs', async () => {
    const hosted = await host(APPLICATION, { login: 'github-actions[bot]', comments: 'write' });
    const { exitCode, log } = await review(hosted, SCALED);
    expect(exitCode).toBe(0);
    expect(log).toContain('the token needs "statuses: write"');
  });
});

describe('events', () => {
  it('of a merge group get the status and no comment', async () => {
    const hosted = await host();
    const { exitCode, log, commits } = await review(hosted, SCALED, { eventName: 'merge_group' });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(hosted.double.state.comments).toEqual([]);
    expect(statesOf(hosted, commits.merge).at(-1)).toBe('slipway/shop success: 1 object changes');
  });

  it.each([['pull_request_target'], ['push']])('such as %s are refused', async eventName => {
    const hosted = await host();
    const { exitCode, outputs } = await review(hosted, SCALED, { eventName });
    expect([exitCode, outputs['error']]).toEqual([1, 'event-unfit']);
    expect(hosted.double.requests).toEqual([]);
  });
});

describe('inputs', () => {
  it.each([
    ['ignore', '.', 'which names no field'],
    ['application', 'a/slipway.yaml, b/slipway.yaml', 'names several files beside'],
    ['name', 'two words', 'use letters, digits'],
  ])('such as %s may not be %s', async (name, value, message) => {
    const hosted = await host({ 'k8s/web.yaml': '' });
    const options = { manifests: 'k8s', inputs: { [name]: value } };
    const { exitCode, outputs, log } = await review(hosted, UNRELATED, options);
    expect([exitCode, outputs['error']]).toEqual([1, 'input-invalid']);
    expect(log).toContain(message);
  });
});

describe('the folder of an application', () => {
  it('is answered with the path of the file in it', async () => {
    const { exitCode, log } = await review(await host(inFolder('shop')), UNRELATED, {
      inputs: { application: 'shop' },
    });
    expect(exitCode).toBe(1);
    expect(log).toContain('if it is a folder, name the file in it: "shop/slipway.yaml"');
  });
});

describe('a pull request that edits what it is judged by', () => {
  const UNOWNED: Edits = { 'stencils/web.yaml': replacing(', labels: { team: storefront }', '') };
  const waiver = `apiVersion: slipway.dev/v1
kind: Waiver
metadata: { name: mine }
spec:
  rule: ownership
  object: { kind: Deployment, name: web }
  reason: It is mine, and I say so.
  owner: "@mallory"
  until: 2099-12-31
`;
  const FLOATING: Edits = {
    'stencils/web.yaml': replacing('runAsNonRoot: true, ', ''),
    'formations/production.yaml': replacing('pod-security/restricted', 'pod-security/baseline'),
  };

  it.each<[string, Edits, RegExp]>([
    [
      'policies',
      { ...UNOWNED, 'policies/ownership.yaml': undefined },
      /policies\/ownership\.yaml.* is removed; it applies until this is merged/,
    ],
    ['waivers', { ...UNOWNED, 'policies/waiver.yaml': waiver }, /after merge: .*waive/],
    ['formations', FLOATING, /until this is merged|after merge/],
  ])('fails as it did before, and a sentence says so: %s', async (_title, edits, sentence) => {
    const hosted = await host();
    const { exitCode, outputs, log, summary, commits } = await review(hosted, changed(edits));
    expect([exitCode, outputs['verdict']]).toEqual([1, 'failed']);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/shop failure: /);
    expect(`${log}${summary}`).toMatch(sentence);
  });

  it('has a waiver that counts once it is merged', async () => {
    const files: Files = { ...APPLICATION, 'policies/waiver.yaml': waiver };
    const { exitCode, log } = await review(await host(files), changed(UNOWNED, files));
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
  });

  it('is told that its workflows are those that run', async () => {
    const hosted = await host({ ...APPLICATION, '.github/workflows/review.yml': 'on: pull_request\n' });
    const { exitCode, log } = await review(hosted, { '.github/workflows/review.yml': 'on: push\n' });
    expect(exitCode).toBe(0);
    expect(log).toContain(
      'the pull request changes ".github/workflows/review.yml", and GitHub runs its workflows as it has them: read them before you rely on this result',
    );
    expect((await review(hosted, UNRELATED, { push: 2 })).log).not.toContain('GitHub runs its workflows');
  });

  it.each<[string, Files, Options]>([
    ['and its checkout is in a folder', {}, { folder: 'app', inputs: { application: 'app/slipway.yaml' } }],
    ['and nothing can be reviewed', BROKEN, {}],
    ['before anything else is said', changed({ 'slipway.yaml': replacing('name: shop', 'name: store') }), {}],
  ])('is told that first: %s', async (_title, changes, options) => {
    const hosted = await host({ ...APPLICATION, '.github/workflows/review.yml': 'on: pull_request\n' });
    const both = { ...changes, '.github/workflows/review.yml': 'on: push\n' };
    const commits = pullRequest(hosted.origin, both);
    const { head, base } = commits;
    hosted.double.state.pulls.push({
      ...{ number: 1, author: 'mallory', branch: 'change-1', head, base, commits: [head] },
      files: ['.github/workflows/review.yml'],
    });
    const { annotations } = await reviewPullRequest({
      edits: {},
      of: { origin: hosted.origin, commits },
      ...options,
      environment: { GITHUB_API_URL: hosted.double.apiUrl },
      inputs: { token: 'ghs_1', ...options.inputs },
    });
    expect(annotations[0]?.message).toContain('the pull request changes ".github/workflows/review.yml", and');
  });
});

describe('a second workflow, after the run for a fork', () => {
  /** Pull request 1 of a fork as GitHub has it. */
  function fromFork({ origin, double }: Hosted, changes: Files, listed: { readonly head?: string } = {}) {
    const commits = pullRequest(origin, changes);
    const of = { author: 'mallory', fork: 'mallory/shop', branch: 'change-1', base: commits.base };
    double.state.pulls.push({ number: 1, commits: [commits.head], head: commits.head, ...of, ...listed });
    return {
      commits,
      options: {
        edits: {},
        of: { origin, commits },
        checkout: 'base',
        eventName: 'workflow_run',
        fork: 'mallory/shop',
        environment: { GITHUB_API_URL: double.apiUrl },
        inputs: { token: 'ghs_1' },
      } satisfies PullRequestOptions,
    };
  }

  it('checks the files of the pull request, and not those of its own checkout', async () => {
    const hosted = await host();
    const { commits, options } = fromFork(hosted, SCALED);
    const { exitCode, log, checkout } = await reviewPullRequest(options);
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(git(checkout, 'worktree', 'list').trim().split('\n')).toHaveLength(1);
    expect(commentOf(hosted)).toContain('```diff\n@@ Deployment web @@\n+ spec.replicas: 3\n```');
    expect(statesOf(hosted, commits.head).at(-1)).toBe('slipway/shop success: 1 object changes');
  });

  it('sets the status of a mistake and does not fail itself', async () => {
    const hosted = await host();
    const { commits, options } = fromFork(hosted, BROKEN);
    const { exitCode, annotations } = await reviewPullRequest(options);
    expect([exitCode, annotations]).toEqual([0, []]);
    expect(statesOf(hosted, commits.head).at(-1)).toBe(
      'slipway/shop failure: 1 error, so the changes are not known',
    );
  });

  it('keeps to the policies of the base', async () => {
    const hosted = await host();
    const bad = changed({
      'stencils/web.yaml': replacing(', labels: { team: storefront }', ''),
      'policies/ownership.yaml': undefined,
    });
    const { commits, options } = fromFork(hosted, bad);
    await reviewPullRequest(options);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/shop failure: 1 error/);
  });

  it('sets no status if the branch has moved on', async () => {
    const hosted = await host();
    const { commits, options } = fromFork(hosted, SCALED, { head: 'f'.repeat(40) });
    const { exitCode, log } = await reviewPullRequest(options);
    expect([exitCode, log]).toEqual([0, expect.stringContaining('Nothing is checked')]);
    expect(statesOf(hosted, commits.head)).toEqual([]);
  });

  it('refuses two pull requests of one commit, which would share a status', async () => {
    const hosted = await host();
    const { commits, options } = fromFork(hosted, SCALED);
    const [first] = hosted.double.state.pulls;
    if (first !== undefined) hosted.double.state.pulls.push({ ...first, number: 2 });
    const { exitCode, outputs } = await reviewPullRequest(options);
    expect([exitCode, outputs['error']]).toEqual([1, 'pulls-alike']);
    expect(statesOf(hosted, commits.head)).toEqual([]);
  });

  it("refuses a merge that is not of the pull request's head", async () => {
    const hosted = await host();
    const { commits, options } = fromFork(hosted, SCALED);
    git(hosted.origin, 'update-ref', 'refs/pull/1/merge', commits.head);
    const { exitCode, outputs } = await reviewPullRequest(options);
    expect([exitCode, outputs['error']]).toEqual([1, 'merge-unknown']);
    expect(statesOf(hosted, commits.head)).toEqual([]);
  });

  it('follows no link of the pull request', async () => {
    const hosted = await host();
    const { commits, options } = fromFork(hosted, {
      ...SCALED,
      'stencils/more.yaml': { link: '/etc/hostname' },
    });
    await reviewPullRequest(options);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/shop failure/);
    expect(commentOf(hosted)).toContain('stencils/more.yaml:1:1');
  });

  it('starts no program on files of the pull request', async () => {
    const hosted = await host();
    const formation = (APPLICATION['formations/production.yaml'] as string).replace(
      'spec:\n',
      'spec:\n  sources: { overlay: { kustomize: { directory: overlay } } }\n',
    );
    const overlay = { 'overlay/kustomization.yaml': 'resources: []\n' };
    const { commits, options } = fromFork(hosted, { 'formations/production.yaml': formation, ...overlay });
    await reviewPullRequest(options);
    expect(statesOf(hosted, commits.head).at(-1)).toMatch(/^slipway\/shop failure/);
    expect(commentOf(hosted)).toContain('program-refused');
  });
});

describe('several applications', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const files = Object.fromEntries(
    names.flatMap(name =>
      Object.entries(APPLICATION).map(([path, text]) => [
        `services/${name}/${path}`,
        String(text).replace('name: shop', `name: ${name}`),
      ]),
    ),
  );
  const edits = Object.fromEntries(
    names.map(name => [`services/${name}/stencils/web.yaml`, SCALE['stencils/web.yaml']]),
  );

  it.each([
    ['five have a comment each', 5, 5],
    ['six share one', 6, 1],
  ])('%s', async (_, number, comments) => {
    const hosted = await host(files);
    const application = names.slice(0, number).map(name => `services/${name}/slipway.yaml`);
    const { exitCode, log } = await review(hosted, changed(edits, files), {
      inputs: { application: application.join('\n') },
    });
    expect([exitCode, exitCode === 0 ? '' : log]).toEqual([0, '']);
    expect(hosted.double.state.comments.length).toBe(comments);
    const all = hosted.double.state.comments.map(({ body }) => body).join('\n');
    for (const name of names.slice(0, number)) expect(all).toContain(`### ✅ ${name}: 1 object changes`);
  });

  it('of two steps have a comment for each step, and neither takes that of the other', async () => {
    const more = Object.fromEntries(
      names.flatMap(name =>
        Object.entries(APPLICATION).map(([path, text]) => [
          `more/${name}/${path}`,
          String(text).replace('name: shop', `name: more-${name}`),
        ]),
      ),
    );
    const hosted = await host({ ...files, ...more });
    const moreEdits = Object.fromEntries(
      names.map(name => [`more/${name}/stencils/web.yaml`, SCALE['stencils/web.yaml']]),
    );
    const changes = edited({ ...files, ...more }, { ...edits, ...moreEdits });
    const step = async (folder: string, count: number, push: number) => {
      const application = names.slice(0, count).map(name => `${folder}/${name}/slipway.yaml`);
      return await review(hosted, changes, { push, inputs: { application: application.join('\n') } });
    };
    await step('services', 6, 1);
    await step('more', 6, 2);
    await step('more', 2, 3);
    expect(hosted.double.state.comments.map(({ body }) => body.split('\n')[1])).toEqual([
      '### ✅ a: 1 object changes',
      '### Each application has a comment of its own',
      '### ✅ more-a: 1 object changes',
      '### ✅ more-b: 1 object changes',
    ]);
  });

  it('that are too many by now leave no comment behind that says something else', async () => {
    const hosted = await host(files);
    const paths = names.map(name => `services/${name}/slipway.yaml`);
    const application = (count: number) => ({ inputs: { application: paths.slice(0, count).join('\n') } });
    await review(hosted, changed(edits, files), application(2));
    await review(hosted, changed(edits, files), { push: 2, ...application(6) });
    const bodies = () => hosted.double.state.comments.map(({ body }) => body.replace(/^<!--.*-->\n/, ''));
    expect(bodies()).toEqual([
      '### a: is in the comment about all applications\n',
      '### b: is in the comment about all applications\n',
      expect.stringContaining('### ✅ f: 1 object changes'),
    ]);
    await review(hosted, changed(edits, files), { push: 3, ...application(2) });
    expect(bodies()).toEqual([
      expect.stringContaining('### ✅ a: 1 object changes'),
      expect.stringContaining('### ✅ b: 1 object changes'),
      '### Each application has a comment of its own\n',
    ]);
  });

  it('leave no comment behind that they shared where the first of them is removed', async () => {
    const hosted = await host(files);
    const paths = names.map(name => `services/${name}/slipway.yaml`);
    const of = (from: number) => ({ inputs: { application: paths.slice(from).join('\n') } });
    await review(hosted, changed(edits, files), of(0));
    const gone = Object.keys(files).filter(path => path.startsWith('services/a/'));
    const removal = Object.fromEntries(gone.map(path => [path, undefined]));
    await review(hosted, { ...changed(edits, files), ...removal }, { push: 2, ...of(1) });
    const [shared, ...others] = hosted.double.state.comments.map(({ body }) => body.split('\n')[1]);
    expect(shared).toBe('### The applications are in newer comments');
    expect(others.map(line => line?.slice(0, 9))).toEqual([
      '### ✅ b: ',
      '### ✅ c: ',
      '### ✅ d: ',
      '### ✅ e: ',
      '### ✅ f: ',
    ]);
  });

  it('may not have one name, since the last would hide what is wrong with the others', async () => {
    const alike = { ...files, 'services/b/slipway.yaml': files['services/a/slipway.yaml'] ?? '' };
    const hosted = await host(alike);
    const wrong = edited(alike, {
      'services/a/stencils/web.yaml': replacing('          image:', '          imagee:'),
    });
    const { exitCode, outputs, commits } = await review(hosted, wrong, {
      inputs: { application: 'services/a/slipway.yaml, services/b/slipway.yaml, ./services/c/slipway.yaml' },
    });
    expect([exitCode, outputs['error'], outputs['verdict']]).toEqual([1, 'applications-alike', 'failed']);
    expect(statesOf(hosted, commits.head)).toEqual([
      'slipway/a pending: is being checked',
      'slipway/a failure: 1 error, so the changes are not known',
      'slipway/a pending: is being checked',
      'slipway/a failure: 1 error, so the changes are not known',
      'slipway/c pending: is being checked',
      'slipway/c success: no manifest changes',
    ]);
  });

  it('named twice are reviewed once', async () => {
    const hosted = await host();
    const { commits } = await review(hosted, SCALED, {
      inputs: { application: 'slipway.yaml, ./slipway.yaml' },
    });
    expect(statesOf(hosted, commits.head).length).toBe(2);
  });
});
