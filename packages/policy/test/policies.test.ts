import { describe, expect, it } from '@jest/globals';
import { checkYaml, configMap, configMapPolicy, shown } from './support/check-yaml.ts';

const denying = '  validations: [{ expression: "object.data.colour == \'red\'", message: it must be red }]';

describe('variables of several policies', () => {
  const named = (policy: string, name: string): string =>
    policy.replaceAll(/(?<=[nN]ame: )(?:rule|binding)\b/g, name);
  /** A policy that tells the value of its variable `shown`, which is made of another one. */
  const telling = (name: string, first: string): string =>
    named(
      configMapPolicy(`  variables:
    - { name: first, expression: ${first} }
    - { name: shown, expression: "variables.first + '!'" }
  validations: [{ expression: "false", messageExpression: variables.shown }]`),
      name,
    );
  const colour = 'object.data.colour';
  const told = async (manifests: string, ...policies: readonly string[]): Promise<string[]> => {
    const found = await checkYaml({ manifests, policies: policies.join('---\n') });
    return found.map(({ rule, message }) => `${rule} ${message}`);
  };

  it('are those of each, even where one has the same text in both', async () => {
    const policies = [telling('a', colour), telling('b', colour), telling('c', 'object.metadata.name')];
    expect(await told(configMap, ...policies, telling('d', colour))).toEqual([
      'a blue!',
      'b blue!',
      'c settings!',
      'd blue!',
    ]);
  });

  it('are those of each object', async () => {
    const other = configMap.replace('settings', 'others').replace('blue', 'red');
    expect(await told(`${configMap}---\n${other}`, telling('a', colour), telling('b', colour))).toEqual([
      'a blue!',
      'b blue!',
      'a red!',
      'b red!',
    ]);
  });

  it('fail in each that reads them', async () => {
    const reading = (name: string): string =>
      telling(name, 'object.data.size').replace('"false"', "variables.shown == ''");
    const why = 'composited variable "first" fails to evaluate: no such key: size';
    expect(await told(configMap, reading('a'), reading('b'))).toEqual([
      expect.stringMatching(`^a/failed .*${why}`),
      expect.stringMatching(`^b/failed .*${why}`),
    ]);
  });

  /** Each variable reads the one before, and costs nearly as much as an expression may. */
  const costly = (name: string, count: number): string => {
    const all = "object.data.text.split('').all(a, object.data.text.split('').size() > 0)";
    const lines = Array.from({ length: count }, (_, index) => {
      const before = index === 0 ? '' : `variables.v${index - 1} && `;
      return `    - { name: v${index}, expression: "${before}${all}" }`;
    });
    const validations = `  validations: [{ expression: variables.v${count - 1} }]`;
    return named(configMapPolicy(`  variables:\n${lines.join('\n')}\n${validations}`), name);
  };

  it('cost each that reads them, although they are evaluated once', async () => {
    const manifests = configMap.replace('colour: blue', `text: ${'a'.repeat(1500)}`);
    expect(await told(manifests, costly('a', 3), costly('b', 3))).toEqual([]);
    const over = await told(manifests, costly('a', 60), costly('b', 60));
    expect(over).toEqual([
      expect.stringMatching('^a/failed .*running out of cost budget'),
      expect.stringMatching('^b/failed .*running out of cost budget'),
    ]);
  });
});

describe('bindings', () => {
  it.each([
    ['[Deny]', 'error'],
    ['[Warn]', 'warning'],
    ['[Audit]', 'notice'],
    ['[Deny, Audit]', 'error'],
    ['[Warn, Audit]', 'warning'],
  ])('with the actions %s make findings of severity %s', async (actions, severity) => {
    const policies = configMapPolicy(denying, `validationActions: ${actions}`);
    expect(shown(await checkYaml({ manifests: configMap, policies }))).toEqual([`${severity} rule 6:11`]);
  });

  it('may ask for a sign-off', async () => {
    const policies = configMapPolicy(denying, undefined, '{ slipway.dev/sign-off: "@acme/operators" }');
    const [found, ...others] = await checkYaml({ manifests: configMap, policies });
    expect(others).toEqual([]);
    expect([found?.severity, found?.message]).toEqual([
      'sign-off',
      'it must be red (needs the approval of @acme/operators)',
    ]);
  });

  it('that are missing make a policy without effect, which is reported', async () => {
    const [policies = ''] = configMapPolicy(denying).split('---');
    expect(shown(await checkYaml({ manifests: configMap, policies }))).toEqual([
      'warning policy/unbound 4:19',
    ]);
  });

  it('of a policy that is not there are said', async () => {
    const [, policies = ''] = configMapPolicy(denying).split('---');
    expect((await checkYaml({ manifests: configMap, policies })).map(({ rule }) => rule)).toEqual([
      'policy/unbound',
    ]);
  });

  it('with an action that Kubernetes does not know are an error', async () => {
    const policies = configMapPolicy(denying, 'validationActions: [Forbid]');
    expect((await checkYaml({ manifests: configMap, policies })).map(({ rule }) => rule)).toContain(
      'policy/invalid',
    );
  });
});

describe('what guards nothing, though an API server takes it, is said', () => {
  const covering = (rule: string): string =>
    configMapPolicy(denying).replace(/- \{ apiGroups.*\}/, `- { operations: [CREATE], ${rule} }`);
  it.each([
    [
      'a resource in the singular',
      'apiGroups: [""], apiVersions: [v1], resources: [configmap]',
      'configmaps',
    ],
    ['a kind', 'apiGroups: [""], apiVersions: [v1], resources: [ConfigMap]', 'configmaps'],
    ['a misspelt resource', 'apiGroups: ["*", apps], apiVersions: ["*"], resources: [a]', undefined],
    [
      'a subresource of a misspelt one',
      'apiGroups: [apps], apiVersions: [v1], resources: [deployment/scale]',
      'deployments',
    ],
    ['another group', 'apiGroups: [""], apiVersions: [v1], resources: [configmaps, deployments]', 'apps'],
    ['the group by its version', 'apiGroups: [v1], apiVersions: [v1], resources: [configmaps]', ''],
    ['a version', 'apiGroups: [apps], apiVersions: [v1beta1, v2], resources: [deployments]', 'v1'],
    ['a scope', 'apiGroups: [""], apiVersions: [v1], resources: [configmaps], scope: Cluster', 'Namespaced'],
    [
      'a group of another project',
      'apiGroups: [acme.io], apiVersions: [v1], resources: [widgets]',
      undefined,
    ],
    [
      'a resource of one of several groups',
      'apiGroups: [extensions, apps], apiVersions: [v1], resources: [deployments, deployments/scale, "*/status"]',
      undefined,
    ],
  ])('%s', async (_title, rule, meant) => {
    const found = await checkYaml({ manifests: configMap, policies: covering(rule) });
    const unknown = found.filter(({ rule }) => rule === 'policy/unknown-resource');
    expect(unknown.map(({ severity, fix }) => [severity, /"([^"]*)"/.exec(fix ?? '')?.[1]])).toEqual(
      meant === undefined ? [] : [['warning', meant]],
    );
  });

  it('also of a binding', async () => {
    const binding =
      'validationActions: [Deny], matchResources: { resourceRules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [secret] }] }';
    expect(
      shown(await checkYaml({ manifests: configMap, policies: configMapPolicy(denying, binding) })),
    ).toEqual([expect.stringMatching(/^warning policy\/unknown-resource 14:\d+$/)]);
  });

  it.each([
    ['kind: ValidatingAdmissionPolicy\n', 'kind: ValidatingAdmisionPolicy\n', 'error policy/invalid'],
    ['admissionregistration.k8s.io/v1', 'admissionregistration.k8s.i0/v1', 'error policy/invalid'],
    ['admissionregistration.k8s.io/v1', 'v1', 'error policy/invalid'],
    ['admissionregistration.k8s.io/v1', 'policy.acme.io/v1', 'error policy/invalid'],
  ])('a policy that is misspelt: %j as %j', async (right, wrong, expected) => {
    const policies = configMapPolicy(denying).replaceAll(right, wrong);
    expect(shown(await checkYaml({ manifests: configMap, policies })).join()).toContain(expected);
  });

  it('a policy of another project, but no parameter and no kind that is defined', async () => {
    const foreign = 'apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: a }\n';
    expect(shown(await checkYaml({ manifests: configMap, policies: foreign }))).toEqual([
      'warning policy/unused 2:7',
    ]);
    const taken = configMapPolicy(
      `  paramKind: { apiVersion: kyverno.io/v1, kind: ClusterPolicy }\n${denying}`,
      'validationActions: [Audit]',
    );
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n';
    const findings = await checkYaml({
      manifests: configMap,
      policies: [taken, foreign, namespace].join('---\n'),
    });
    expect(findings.map(({ rule }) => rule)).not.toContain('policy/unused');
  });
});

describe('findings of a policy', () => {
  it('are reported at the value, name the policy and are one line', async () => {
    const [found] = await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(denying),
      formation: 'staging',
      destination: 'main',
    });
    expect(found).toMatchObject({
      rule: 'rule',
      message: 'it must be red',
      object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' },
      pointer: '/data/colour',
      place: { path: 'manifests.yaml', line: 6, column: 11 },
      related: [{ message: 'policy rule', place: { path: 'policies.yaml', line: 9 } }],
      formation: 'staging',
      destination: 'main',
    });
  });

  it('keep their fingerprint when things move, and only then', async () => {
    const policies = configMapPolicy(denying);
    const fingerprint = async (manifests: string, more = {}) =>
      (await checkYaml({ manifests, policies, ...more }))[0]?.fingerprint;
    const first = await fingerprint(configMap);
    expect(
      await fingerprint(`# a comment\n\n${configMap.replace('\ndata:', '\ndata:\n  another: one')}`),
    ).toBe(first);
    expect(await fingerprint(configMap.replace('settings', 'others'))).not.toBe(first);
    expect(await fingerprint(configMap, { destination: 'eu' })).not.toBe(first);
  });

  it('about a missing key are reported at its nearest parent', async () => {
    const policies = configMapPolicy(
      '  validations: [{ expression: "\'team\' in object.metadata.?labels.orValue({})" }]',
    );
    expect(shown(await checkYaml({ manifests: configMap, policies }))).toEqual(['error rule 4:3']);
  });

  it('carry the fix that the policy knows', async () => {
    const policies = configMapPolicy(denying).replace(
      '{ name: rule }',
      '{ name: rule, annotations: { slipway.dev/fix: paint it red } }',
    );
    expect((await checkYaml({ manifests: configMap, policies }))[0]?.fix).toBe('paint it red');
  });

  it('tell which of several validations failed', async () => {
    const policies = configMapPolicy(
      "  validations: [{ expression: 'true' }, { expression: 'false', message: second }]",
    );
    expect((await checkYaml({ manifests: configMap, policies })).map(({ rule }) => rule)).toEqual(['rule/2']);
  });
});

describe('what fails to evaluate', () => {
  const failing = '  validations: [{ expression: "object.data.nothing == \'x\'" }]';

  it.each(['[Deny]', '[Warn]', '[Audit]'])('is an error whatever the action: %s', async actions => {
    const [found] = await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(failing, `validationActions: ${actions}`),
    });
    expect(found?.severity).toBe('error');
    expect(found?.message).toBe(
      "policy \"rule\" could not be evaluated: expression 'object.data.nothing == 'x'' resulted in error: no such key: nothing",
    );
  });

  it('is a warning where Kubernetes would let it pass', async () => {
    const [found] = await checkYaml({
      manifests: configMap,
      policies: configMapPolicy(`  failurePolicy: Ignore\n${failing}`),
    });
    expect(found?.rule).toBe('rule/failed');
    expect([found?.severity, found?.message.includes('failurePolicy is Ignore')]).toEqual(['warning', true]);
  });

  it('does not hide what other validations say', async () => {
    const policies = configMapPolicy(
      '  validations: [{ expression: "object.data.nothing == \'x\'" }, { expression: "false", message: second }]',
    );
    expect((await checkYaml({ manifests: configMap, policies })).map(({ message }) => message)).toContain(
      'second',
    );
  });
});

it('what every object of the kind has is missed once, and not by each policy that reads it', async () => {
  const manifests =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: api }\nspec: { selector: { matchLabels: { a: b } }, template: { metadata: { labels: { a: b } }, spec: {} } }\n';
  const found = await checkYaml({ manifests, packs: ['workloads', 'pod-security/restricted', 'references'] });
  expect(found.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([
    '"spec.template.spec" lacks "containers"',
  ]);
});

describe('policies that an API server would not take', () => {
  it.each([
    ['an unknown name', 'foo == 1', "undeclared reference to 'foo'"],
    ['an unknown function', "object.frobnicate() == 'x'", "undeclared reference to 'frobnicate'"],
    [
      'a function that this version does not have',
      'semver("1.0.0") == semver("1.0.0")',
      "undeclared reference to 'semver'",
    ],
    ['types that do not go together', "1 + 'a' == 2", 'no matching overload'],
    ['no condition', "'text'", 'must evaluate to bool but got string'],
    ['a value that may not be a boolean', 'object.data.colour', 'must evaluate to bool but got dyn'],
    ['broken syntax', 'object.data.(', 'syntax error'],
    ['a variable that comes later', 'variables.later', "undefined field 'later'"],
    ['lists of mixed types', "[1, 'a'].size() == 2", "expected type 'int' but found 'string'"],
    ['a sort by keys, which came later', '[1].sortBy(x, x) == [1]', "undeclared reference to 'sortBy'"],
    ['an optional entry that is not optional', '[?1].size() == 1', "expected type 'optional_type(int)'"],
    ['a literal of known and unknown types', '[object.data, 1].size() == 2', "expected type 'dyn' but found"],
  ])('are an error on their line and judge nothing: %s', async (_title, expression, message) => {
    const policies = configMapPolicy(
      `  validations:\n    - expression: ${JSON.stringify(expression)}\n      message: it was judged`,
    );
    const found = await checkYaml({ manifests: configMap, policies, kubernetesVersion: '1.33' });
    expect(shown(found)).toEqual(['error policy/does-not-compile 10:19']);
    expect(found[0]?.message).toContain(message);
  });

  it('have fields that do not exist', async () => {
    const policies = configMapPolicy('  validation: [{ expression: "false" }]');
    const found = await checkYaml({ manifests: configMap, policies });
    expect(found.map(({ rule, fix }) => [rule, fix])).toEqual([
      ['policy/invalid', 'did you mean "validations"?'],
    ]);
  });

  it('and have no binding either are told both', async () => {
    const [policies = ''] = configMapPolicy('  validation: [{ expression: "false" }]').split('---');
    expect((await checkYaml({ manifests: configMap, policies })).map(({ rule }) => rule)).toEqual([
      'policy/invalid',
      'policy/unbound',
    ]);
  });

  it('are not objects at all', async () => {
    expect(shown(await checkYaml({ manifests: configMap, policies: 'just text' }))).toEqual([
      'error policy/invalid 1:1',
    ]);
  });

  it('leave other policies as they are', async () => {
    const policies = `${configMapPolicy('  validations: [{ expression: "nonsense" }]')}\n---${configMapPolicy(denying).replaceAll('rule', 'other')}`;
    expect((await checkYaml({ manifests: configMap, policies })).map(({ rule }) => rule)).toContain('other');
  });
});

describe('what only a cluster knows', () => {
  it.each([
    [
      'authorizer',
      "authorizer.group('apps').resource('deployments').namespace('shop').check('create').allowed()",
    ],
    ['request.userInfo', "request.userInfo.username != 'guest'"],
    ['request.dryRun', 'request.dryRun'],
    ['namespace shop', "namespaceObject.metadata.labels['team'] == 'blue'"],
  ])('leaves a verdict undecided that depends on it: %s', async (subject, expression) => {
    const policies = configMapPolicy(`  validations: [{ expression: ${JSON.stringify(expression)} }]`);
    const [found] = await checkYaml({ manifests: configMap, policies });
    expect([found?.rule, found?.severity]).toEqual(['rule/undecided', 'warning']);
    expect(found?.message).toContain(`depends on ${subject}`);
  });

  it('does not matter if the verdict is certain without it', async () => {
    const expression = "object.data.colour == 'blue' || request.userInfo.username == 'root'";
    const policies = configMapPolicy(`  validations: [{ expression: ${JSON.stringify(expression)} }]`);
    expect(await checkYaml({ manifests: configMap, policies })).toEqual([]);
  });

  it('is an error for deploy, and no graver than the action', async () => {
    const spec = '  validations: [{ expression: "request.dryRun" }]';
    const severity = async (actions: string) =>
      (
        await checkYaml({
          manifests: configMap,
          policies: configMapPolicy(spec, `validationActions: ${actions}`),
          undecided: 'error',
        })
      )[0]?.severity;
    expect([await severity('[Deny]'), await severity('[Warn]'), await severity('[Audit]')]).toEqual([
      'error',
      'warning',
      'notice',
    ]);
  });

  it('includes the labels of a namespace that is not among the files, but not its name', async () => {
    const selecting = (label: string): string =>
      configMapPolicy(
        denying,
        `validationActions: [Deny], matchResources: { namespaceSelector: { matchLabels: { ${label} } } }`,
      );
    expect(
      (await checkYaml({ manifests: configMap, policies: selecting('team: blue') })).map(({ rule }) => rule),
    ).toEqual(['rule/undecided']);
    expect(
      (
        await checkYaml({ manifests: configMap, policies: selecting('kubernetes.io/metadata.name: shop') })
      ).map(({ rule }) => rule),
    ).toEqual(['rule']);
    expect(
      await checkYaml({ manifests: configMap, policies: selecting('kubernetes.io/metadata.name: other') }),
    ).toEqual([]);
  });

  it('is known of namespaces that the files or the cluster have', async () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { team: blue } }\n';
    const policies = configMapPolicy(
      `  validations: [{ expression: "namespaceObject.metadata.labels['team'] == 'red'", message: wrong team }]`,
    );
    const found = await checkYaml({ manifests: `${configMap}---\n${namespace}`, policies });
    expect(found.map(({ message }) => message)).toEqual(['wrong team']);
    const live = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'red' } } };
    expect(
      await checkYaml({ manifests: `${configMap}---\n${namespace}`, policies, namespaces: [live] }),
    ).toEqual([]);
  });
});

describe('parameters', () => {
  const spec = `  paramKind: { apiVersion: v1, kind: ConfigMap }
  matchConditions: [{ name: not-itself, expression: "object.metadata.name == 'settings'" }]
  validations: [{ expression: "params == null || object.data.colour == params.data.colour", messageExpression: "'not ' + params.data.colour" }]`;
  const allowed = (name: string, colour: string): string =>
    `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: shop, labels: { use: colours } }\ndata: { colour: ${colour} }\n`;
  const messages = async (binding: string, parameters: string) =>
    (
      await checkYaml({
        manifests: configMap,
        policies: configMapPolicy(spec, `validationActions: [Deny], ${binding}`) + parameters,
      })
    ).map(({ message }) => message);

  it('are found by name', async () => {
    expect(
      await messages('paramRef: { name: allowed, parameterNotFoundAction: Deny }', allowed('allowed', 'red')),
    ).toEqual(['not red']);
    expect(
      await messages(
        'paramRef: { name: allowed, parameterNotFoundAction: Deny }',
        allowed('allowed', 'blue'),
      ),
    ).toEqual([]);
  });

  it('are found by label, and each counts', async () => {
    const parameters = allowed('a', 'red') + allowed('b', 'green') + allowed('c', 'blue');
    const binding =
      'paramRef: { selector: { matchLabels: { use: colours } }, parameterNotFoundAction: Allow }';
    expect((await messages(binding, parameters)).toSorted()).toEqual(['not green', 'not red']);
  });

  it('that are not here are undecided', async () => {
    const [message = ''] = await messages('paramRef: { name: missing, parameterNotFoundAction: Allow }', '');
    expect(message).toContain('depends on the parameters');
  });

  it('are null where a binding has none', async () => {
    expect(await messages('matchResources: {}', '')).toEqual([]);
  });
});

describe('what deploy passes', () => {
  it('is the object as it was, and makes it an update', async () => {
    const policies = configMapPolicy(
      '  validations: [{ expression: "request.operation == \'CREATE\' || object.data.colour == oldObject.data.colour", message: the colour changed }]',
    );
    const old = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings' },
      data: { colour: 'green' },
    };
    expect(await checkYaml({ manifests: configMap, policies })).toEqual([]);
    expect(
      (await checkYaml({ manifests: configMap, policies, more: { settings: { old } } })).map(
        ({ message }) => message,
      ),
    ).toEqual(['the colour changed']);
  });

  it('is the object as the dry run answered, which is not held against a schema again', async () => {
    const policies = configMapPolicy(
      '  validations: [{ expression: "!has(object.metadata.uid)", message: it has an id }]',
    );
    const admitted = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', uid: '1', future: true },
      data: {},
    };
    expect(
      (await checkYaml({ manifests: configMap, policies, more: { settings: { admitted } } })).map(
        ({ rule }) => rule,
      ),
    ).toEqual(['rule']);
  });
});

it('sees the values of stringData where the cluster would keep them', async () => {
  const policies = configMapPolicy(
    "  validations: [{ expression: \"!has(object.stringData) && object.data.password == 'c2VjcmV0' && object.type == 'Opaque'\" }]",
  ).replaceAll('configmaps', 'secrets');
  const manifests = 'apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: secret }\n';
  expect(await checkYaml({ manifests, policies })).toEqual([]);
});

it('stops between objects when it is told to', async () => {
  await expect(
    checkYaml({ manifests: configMap, signal: AbortSignal.abort(new Error('enough')) }),
  ).rejects.toThrow('enough');
});
