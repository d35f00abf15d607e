import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesOf, git, plantRepository, pullRequest, repository, scratch, write } from '@slipway/testkit/git';
import {
  APPLICATION,
  checkPullRequest,
  type Edits,
  edited,
  errors,
  type PullRequestOptions,
} from '@slipway/testkit/pull-requests';
import { replacing } from '@slipway/testkit/shop';

const NO_TEAM: Edits = { 'stencils/web.yaml': replacing(', labels: { team: storefront }', '') };
const AS_ROOT: Edits = { 'stencils/web.yaml': replacing('runAsNonRoot: true', 'runAsNonRoot: false') };
const ROOT_RULE = 'pod-security/restricted/run-as-non-root';

const waiver = (rule: string, name = 'let-me-through'): string => `apiVersion: slipway.dev/v1
kind: Waiver
metadata: { name: ${name} }
spec:
  rule: ${rule}
  object: { kind: Deployment, name: web }
  reason: It has to go out today, and no one can be asked.
  owner: mallory
  until: 2099-12-31
`;

const GADGETS = (schema: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: gadgets.acme.io }
spec:
  group: acme.io
  names: { kind: Gadget, plural: gadgets }
  scope: Namespaced
  versions: [{ name: v1, served: true, storage: true, schema: { openAPIV3Schema: ${schema} } }]
`;
const STRICT = GADGETS(
  '{ type: object, properties: { spec: { type: object, properties: { size: { type: integer } } } } }',
);
const LAX = GADGETS('{ type: object, x-kubernetes-preserve-unknown-fields: true }');
const gadget = (size: string): string =>
  `apiVersion: acme.io/v1\nkind: Gadget\nmetadata: { name: g }\nspec: { size: ${size} }\n`;

const NAMESPACE = (labels: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: ${labels} }\n`;

const policy = APPLICATION['policies/ownership.yaml'] as string;
const BOUND = 'spec: { policyName: ownership, validationActions: [Deny] }';

const LIVE = `apiVersion: slipway.dev/v1
kind: Formation
metadata: { name: live }
spec: { kubernetes: "1.34", destinations: { eu: { namespace: shop } } }
`;
const withPacks = (packs: string): string =>
  replacing('[pod-security/restricted]', packs)(APPLICATION['formations/production.yaml'] as string);
const asRoot = replacing(
  'runAsNonRoot: true',
  'runAsNonRoot: false',
)(APPLICATION['stencils/web.yaml'] as string);

/** Each is an attempt to escape a rule that the same pull request breaks: what it does, and the rule that applies all the same. */
const WAYS: Readonly<Record<string, PullRequestOptions & { readonly rule: string; readonly says?: string }>> =
  {
    'removes the policy': {
      edits: { ...NO_TEAM, 'policies/ownership.yaml': undefined },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is removed',
    },
    'rewrites the policy so that everything passes': {
      edits: {
        ...NO_TEAM,
        'policies/ownership.yaml': replacing(`"'team' in object.metadata.?labels.orValue({})"`, '"true"'),
      },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is changed',
    },
    'takes its own object out of what the policy matches': {
      edits: {
        ...NO_TEAM,
        'policies/ownership.yaml': replacing('resources: [deployments]', 'resources: [jobs]'),
      },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is changed',
    },
    'lowers the severity': {
      edits: { ...NO_TEAM, 'policies/ownership.yaml': replacing('[Deny]', '[Audit]') },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicyBinding "ownership" is changed',
    },
    'makes a sign-off of it, to be given by itself': {
      edits: {
        ...NO_TEAM,
        'policies/ownership.yaml': text =>
          text.replace(
            /metadata: \{ name: ownership \}\nspec: \{ policyName/,
            'metadata: { name: ownership, annotations: { slipway.dev/sign-off: mallory } }\nspec: { policyName',
          ),
      },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicyBinding "ownership" is changed',
    },
    'unbinds the policy': {
      edits: { ...NO_TEAM, 'policies/ownership.yaml': text => text.split('---\n')[0] ?? '' },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicyBinding "ownership" is removed',
    },
    'brings a waiver along': {
      edits: { ...NO_TEAM, 'policies/waiver.yaml': waiver('ownership') },
      rule: 'ownership',
      says: 'Waiver "let-me-through" is new; it applies once this is merged',
    },
    'stretches a waiver to itself': {
      files: {
        ...APPLICATION,
        'policies/waiver.yaml': waiver('ownership').replace('name: web', 'name: other'),
      },
      edits: { ...NO_TEAM, 'policies/waiver.yaml': replacing('name: other', 'name: web') },
      rule: 'ownership',
      says: 'Waiver "let-me-through" is changed',
    },
    'brings a waiver into a folder of the input waivers': {
      files: {
        ...APPLICATION,
        'waivers/other.yaml': waiver('ownership', 'other').replace('name: web', 'name: other'),
      },
      edits: { ...NO_TEAM, 'waivers/mine.yaml': waiver('ownership') },
      inputs: { waivers: 'waivers' },
      rule: 'ownership',
      says: 'Waiver "let-me-through" is new',
    },
    'removes a policy of the input policies': {
      files: {
        ...APPLICATION,
        'policies/ownership.yaml': undefined,
        'rules/kept.yaml': NAMESPACE('{}'),
        'rules/ownership.yaml': policy,
      },
      edits: { ...NO_TEAM, 'rules/ownership.yaml': undefined },
      inputs: { policies: 'rules/*.yaml' },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is removed',
    },
    'takes a pack off the list': {
      edits: {
        ...AS_ROOT,
        'formations/production.yaml': replacing('packs: [pod-security/restricted]', 'packs: []'),
      },
      rule: ROOT_RULE,
      says: '"policies" of the formation "production" is changed',
    },
    'makes a pack only warn': {
      edits: {
        ...AS_ROOT,
        'formations/production.yaml': replacing(
          '[pod-security/restricted]',
          '[pod-security/restricted: warn]',
        ),
      },
      rule: ROOT_RULE,
      says: '"policies" of the formation "production" is changed',
    },
    'makes a pack find only what is new, of what it breaks itself and of what was broken': {
      files: { ...APPLICATION, 'stencils/web.yaml': asRoot },
      edits: {
        'stencils/web.yaml': replacing('port: 80', 'port: 81'),
        'formations/production.yaml': replacing(
          '[pod-security/restricted]',
          '[pod-security/restricted: new]',
        ),
      },
      rule: ROOT_RULE,
      says: '"policies" of the formation "production" is changed',
    },
    'makes a pack only warn that finds what is new': {
      files: { ...APPLICATION, 'formations/production.yaml': withPacks('[pod-security/restricted: new]') },
      edits: {
        ...AS_ROOT,
        'formations/production.yaml': replacing(
          '[pod-security/restricted: new]',
          '[pod-security/restricted: warn]',
        ),
      },
      rule: ROOT_RULE,
      says: '"policies" of the formation "production" is changed',
    },
    'hides its new fault by another name of the formation': {
      files: { ...APPLICATION, 'formations/production.yaml': withPacks('[pod-security/restricted: new]') },
      edits: {
        ...AS_ROOT,
        'formations/production.yaml': undefined,
        'formations/live.yaml': LIVE,
      },
      rule: ROOT_RULE,
    },
    'takes the milder of two packs': {
      files: {
        ...APPLICATION,
        'stencils/web.yaml': asRoot,
        'formations/production.yaml': withPacks('[workloads]'),
      },
      edits: { 'formations/production.yaml': replacing('[workloads]', '[workloads/baseline]') },
      rule: 'workloads/no-root',
      says: '"policies" of the formation "production" is changed',
    },
    'takes the whole block out of the formation': {
      edits: {
        ...AS_ROOT,
        'formations/production.yaml': replacing('  policies: { packs: [pod-security/restricted] }\n', ''),
      },
      rule: ROOT_RULE,
      says: '"policies" of the formation "production" is changed',
    },
    'gives the formation another name': {
      edits: {
        ...AS_ROOT,
        'formations/production.yaml': undefined,
        'formations/live.yaml': LIVE,
      },
      rule: ROOT_RULE,
    },
    'loosens the definition of its own kind': {
      files: {
        ...APPLICATION,
        'stencils/definition.yaml': STRICT,
        'stencils/gadget.yaml': gadget('3'),
        'formations/production.yaml': replacing(
          '  policies:',
          '  allow: { cluster-scoped: [CustomResourceDefinition] }\n  policies:',
        )(APPLICATION['formations/production.yaml'] as string),
      },
      edits: { 'stencils/definition.yaml': LAX, 'stencils/gadget.yaml': gadget('"three"') },
      rule: 'schema/wrong-type',
      says: 'CustomResourceDefinition "gadgets.acme.io" is changed',
    },
    'labels its namespace as one that the policy does not look into': {
      files: {
        ...APPLICATION,
        'policies/namespace.yaml': NAMESPACE('{}'),
        'policies/ownership.yaml': policy.replace(
          BOUND,
          'spec: { policyName: ownership, validationActions: [Deny], matchResources: { namespaceSelector: { matchExpressions: [{ key: exempt, operator: DoesNotExist }] } } }',
        ),
      },
      edits: { ...NO_TEAM, 'policies/namespace.yaml': NAMESPACE('{ exempt: "yes" }') },
      rule: 'ownership',
      says: 'Namespace "shop" is changed',
    },
    'brings the namespace as a manifest with that label': {
      files: {
        ...APPLICATION,
        'formations/production.yaml': replacing(
          '  policies:',
          '  allow: { cluster-scoped: [Namespace] }\n  policies:',
        )(APPLICATION['formations/production.yaml'] as string),
        'stencils/namespace.yaml': NAMESPACE('{}').replace('name: shop', 'name: "${namespace}"'),
        'policies/ownership.yaml': policy.replace(
          BOUND,
          'spec: { policyName: ownership, validationActions: [Deny], matchResources: { namespaceSelector: { matchExpressions: [{ key: exempt, operator: DoesNotExist }] } } }',
        ),
      },
      edits: { ...NO_TEAM, 'stencils/namespace.yaml': NAMESPACE('{ exempt: "yes" }') },
      rule: 'ownership',
    },
    'changes the parameter that the policy asks for': {
      files: {
        ...APPLICATION,
        'policies/ownership.yaml': policy
          .replace('spec:\n', 'spec:\n  paramKind: { apiVersion: v1, kind: ConfigMap }\n')
          .replace(
            `"'team' in object.metadata.?labels.orValue({})"`,
            "\"params.data.strict != 'yes' || 'team' in object.metadata.?labels.orValue({})\"",
          )
          .replace(
            BOUND,
            'spec: { policyName: ownership, validationActions: [Deny], paramRef: { name: rules, namespace: shop, parameterNotFoundAction: Deny } }',
          ),
        'stencils/rules.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: rules }\ndata: { strict: "yes" }\n',
      },
      edits: { ...NO_TEAM, 'stencils/rules.yaml': replacing('"yes"', '"no"') },
      rule: 'ownership',
    },
    'allows itself an object of cluster scope': {
      edits: {
        'formations/production.yaml': replacing(
          '  policies:',
          '  allow: { cluster-scoped: [ClusterRole] }\n  policies:',
        ),
        'stencils/role.yaml':
          'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: all }\nrules: []\n',
      },
      rule: 'placement/cluster-scoped',
      says: '"allow" of the formation "production" is changed',
    },
    'allows itself another namespace': {
      edits: {
        'formations/production.yaml': replacing(
          '  policies:',
          '  allow: { namespaces: [kube-system] }\n  policies:',
        ),
        'stencils/other.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, namespace: kube-system }\n',
      },
      rule: 'placement/other-namespace',
      says: '"allow" of the formation "production" is changed',
    },
    'takes the folder with the policies off the paths of slipway.yaml': {
      files: {
        ...APPLICATION,
        'policies/ownership.yaml': undefined,
        'team/policies/ownership.yaml': policy,
        'slipway.yaml': `${APPLICATION['slipway.yaml'] as string}  paths: [team]\n`,
      },
      edits: { ...NO_TEAM, 'slipway.yaml': replacing('  paths: [team]\n', '') },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is removed',
    },
    'puts a link to an empty folder in the place of the policies': {
      edits: {
        ...NO_TEAM,
        'policies/ownership.yaml': undefined,
        'empty/README.md': '',
        policies: { link: 'empty' },
      },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is removed',
    },
    'hides the policies behind a dot': {
      edits: { ...NO_TEAM, 'policies/ownership.yaml': undefined, 'policies/.ownership.yaml': policy },
      rule: 'ownership',
      says: 'ValidatingAdmissionPolicy "ownership" is removed',
    },
  };

describe('a pull request stays red, by name, that', () => {
  it.each(Object.entries(WAYS))('%s', async (_way, { rule, says, ...options }) => {
    const { exitCode, outputs, annotations, summary, log } = await checkPullRequest(options);
    expect([exitCode, outputs['verdict']]).toEqual([1, 'failed']);
    expect(annotations).toContainEqual(
      expect.objectContaining({ severity: 'error', title: `Slipway: ${rule}` }),
    );
    if (says !== undefined) expect(annotations.map(({ message }) => message).join('\n')).toContain(says);
    expect(summary).toContain(rule);
    expect(log).not.toMatch(/^\s+at /m);
  });

  it('removes slipway.yaml, though manifests were rendered from it', async () => {
    const rendered = await checkPullRequest({ edits: {} });
    const manifests = rendered.outputs['report']?.replace(/\/production\/eu\/report.json$/, '') ?? '';
    const edits = { ...NO_TEAM, 'slipway.yaml': undefined };
    const { exitCode, log } = await checkPullRequest({ edits, manifests });
    expect([exitCode, log]).toEqual([
      1,
      expect.stringContaining('"slipway.yaml" is in the base commit but not in this checkout'),
    ]);
  });
});

describe('a pull request is green that', () => {
  it.each<[string, Edits]>([
    ['changes nothing', {}],
    ['keeps the rules', { 'stencils/web.yaml': replacing('port: 80', 'port: 81') }],
    [
      'changes a rule that it keeps, which is said',
      { 'policies/ownership.yaml': replacing('no one owns it', 'it has no owner') },
    ],
    ['adds a waiver for what may come', { 'policies/waiver.yaml': waiver('ownership') }],
  ])('%s', async (_title, edits) => {
    const { exitCode, outputs, log } = await checkPullRequest({ edits });
    expect([exitCode, outputs['verdict'], exitCode === 0 ? '' : log]).toEqual([0, 'passed', '']);
  });
});

describe('a pull request may add rules, which apply at once', () => {
  it.each<[string, Edits, string]>([
    [
      'a policy',
      { 'policies/more.yaml': policy.replaceAll('ownership', 'more').replaceAll("'team'", "'tier'") },
      'more',
    ],
    [
      'a pack',
      { 'formations/production.yaml': replacing('restricted]', 'restricted, workloads]') },
      'workloads/fixed-tags',
    ],
    [
      'a stricter form of a policy',
      { 'policies/ownership.yaml': replacing("'team'", "'tier'") },
      'ownership',
    ],
  ])('%s', async (_title, edits, rule) => {
    const { exitCode, annotations } = await checkPullRequest({ edits });
    expect([exitCode, annotations.map(({ title }) => title)]).toEqual([
      1,
      expect.arrayContaining([expect.stringContaining(rule.split('/')[0] ?? '')]),
    ]);
  });

  it('and remove a waiver', async () => {
    const files = {
      ...APPLICATION,
      'stencils/web.yaml': (NO_TEAM['stencils/web.yaml'] as (text: string) => string)(
        APPLICATION['stencils/web.yaml'] as string,
      ),
      'policies/waiver.yaml': waiver('ownership'),
    };
    expect((await checkPullRequest({ files, edits: {} })).exitCode).toBe(0);
    expect(errors(await checkPullRequest({ files, edits: { 'policies/waiver.yaml': undefined } }))).toEqual([
      'ownership',
    ]);
  });
});

describe('the base', () => {
  const edits = { ...NO_TEAM, 'policies/ownership.yaml': undefined };

  it.each(['pull_request', 'pull_request_review', 'merge_group', 'pull_request_target'])(
    'decides on %s',
    async eventName => {
      const { log, outputs, commits } = await checkPullRequest({ edits, eventName });
      expect([outputs['verdict'], log]).toEqual([
        'failed',
        expect.stringContaining(`Rules come from the base commit ${commits.base}`),
      ]);
    },
  );

  it.each(['push', 'workflow_dispatch'])('does not on %s: the checkout does', async eventName => {
    const { outputs, log } = await checkPullRequest({ edits, eventName });
    expect([outputs['verdict'], log]).toEqual(['passed', expect.not.stringContaining('base commit')]);
  });

  it('is that of the event if the head of the pull request is checked out', async () => {
    const { outputs, log, commits } = await checkPullRequest({ edits, checkout: 'head' });
    expect([outputs['verdict'], log]).toEqual(['failed', expect.stringContaining(commits.base)]);
  });

  it('is found in a clone that has it, without a remote to fetch from', async () => {
    const { outputs } = await checkPullRequest({
      edits,
      before: checkout => {
        git(checkout, 'fetch', '--quiet', '--unshallow', 'origin', 'main');
        git(checkout, 'remote', 'remove', 'origin');
      },
    });
    expect(outputs['verdict']).toBe('failed');
  });

  it('that cannot be read fails the check, which says what to do', async () => {
    const before = (checkout: string) => git(checkout, 'remote', 'set-url', 'origin', 'file:///nowhere');
    const { exitCode, annotations } = await checkPullRequest({ edits: {}, before: before as never });
    expect(exitCode).toBe(1);
    expect(annotations[0]?.message).toMatch(
      /cannot be fetched; let actions\/checkout persist its credentials .* or give the input "token"/,
    );
  });

  it('whose files are broken fails the check, on their lines', async () => {
    const files = { ...APPLICATION, 'policies/ownership.yaml': 'a: [' };
    const { exitCode, annotations } = await checkPullRequest({
      files,
      edits: { 'policies/ownership.yaml': policy },
    });
    expect([exitCode, annotations[0]?.file]).toEqual([1, 'policies/ownership.yaml']);
    expect(annotations[0]?.message).toContain('fix it on the base branch first');
  });

  it('without Slipway leaves the rules to the pull request, and says so', async () => {
    const { exitCode, log } = await checkPullRequest({
      files: { 'README.md': '' },
      edits: APPLICATION as Edits,
    });
    expect([exitCode, log]).toEqual([
      0,
      expect.stringContaining('has no slipway.yaml, so the rules of the checkout apply'),
    ]);
  });

  it('does not cover the files of a second checkout of the workflow', async () => {
    const before = (checkout: string) =>
      write(checkout, {
        'platform/.git/HEAD': '',
        'platform/waivers/w.yaml': waiver('ownership', 'granted'),
      });
    const { exitCode, annotations } = await checkPullRequest({
      edits: NO_TEAM,
      before,
      inputs: { waivers: 'platform/waivers' },
    });
    expect([exitCode, annotations.map(({ message }) => message)]).toEqual([
      0,
      [expect.stringContaining('waived until 2099-12-31')],
    ]);
  });

  it('cannot be bypassed by a submodule, which is a checkout too', async () => {
    const inner = repository({ 'w.yaml': waiver('ownership', 'smuggled') });
    const origin = repository(APPLICATION);
    const commits = pullRequest(origin, edited(APPLICATION, NO_TEAM));
    git(origin, 'checkout', '--quiet', '--detach', commits.merge);
    const link = `160000,${git(inner, 'rev-parse', 'HEAD')},waivers`;
    git(origin, 'update-index', '--add', '--cacheinfo', link);
    git(origin, 'commit', '--quiet', '--amend', '--no-edit');
    const merge = git(origin, 'rev-parse', 'HEAD');
    const before = (checkout: string) => {
      git(checkout, 'clone', '--quiet', `file://${inner}`, join(checkout, 'waivers'));
    };
    const of = { origin, commits: { ...commits, merge } };
    const { outputs, annotations } = await checkPullRequest({
      edits: {},
      of,
      before,
      inputs: { waivers: 'waivers' },
    });
    expect([
      outputs['verdict'],
      annotations.some(({ title, severity }) => severity === 'error' && title === 'Slipway: ownership'),
    ]).toEqual(['failed', true]);
  });

  it('is looked for in the checkout of the application, which may be a folder of the workspace', async () => {
    const workspace = scratch();
    const origin = repository(APPLICATION);
    const commits = pullRequest(
      origin,
      edited(APPLICATION, { ...NO_TEAM, 'policies/ownership.yaml': undefined }),
    );
    const of = { origin, commits };
    const { outputs, annotations } = await checkPullRequest({ edits: {}, of, workspace, folder: 'shop' });
    expect([outputs['verdict'], annotations.map(({ file }) => file)]).toEqual([
      'failed',
      expect.arrayContaining(['shop/stencils/web.yaml']),
    ]);
  });

  it('is not that of a repository that the pull request committed as ordinary files', async () => {
    const files = Object.fromEntries(
      Object.entries(APPLICATION).map(([path, text]) => [`app/${path}`, text]),
    );
    const edits = {
      'app/policies/ownership.yaml': undefined,
      'app/stencils/web.yaml': replacing(', labels: { team: storefront }', ''),
    };
    const folder = scratch();
    write(folder, edited(files, edits));
    const planted = plantRepository(join(folder, 'app'), ['stencils'], join(scratch(), 'ran'));
    const all = { ...edited(files, edits), ...filesOf(join(folder, 'app'), 'app') };
    const result = await checkPullRequest({
      files,
      edits: all,
      application: 'app',
    });
    expect(git(result.checkout, 'ls-files', 'app/HEAD', 'app/config')).toBe('app/HEAD\napp/config');
    expect([result.outputs['verdict'], errors(result)]).toEqual([
      'failed',
      expect.arrayContaining(['ownership']),
    ]);
    expect(planted.wasRun()).toBe(false);
  });
});
