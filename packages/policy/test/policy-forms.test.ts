import { describe, expect, it } from '@jest/globals';
import { checkYaml, configMap, configMapPolicy, shown } from './support/check-yaml.ts';

const RULES = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: { name: rule }
spec:
`;
const BINDING = `
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: { name: binding }
spec: { policyName: rule, validationActions: [Deny] }
`;

const MATCH = `  matchConstraints:
    resourceRules:
      - { apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }
`;
const DENY = '  validations: [{ expression: "false", message: it was judged }]\n';

/** A policy with another rule; the rule begins in line 7, column 9. */
function ofRule(rule: string): string {
  return `${RULES}  matchConstraints:\n    resourceRules:\n      - ${rule}\n${DENY}${BINDING}`;
}

/** A policy with more fields from line 8 on. */
function withFields(fields: string): string {
  return `${RULES}${MATCH}${fields}${BINDING}`;
}

async function findings(policies: string): Promise<string[]> {
  return shown(await checkYaml({ manifests: configMap, policies }));
}

describe('a policy that Kubernetes refuses is an error on its line and judges nothing', () => {
  const rest = 'apiGroups: [""], apiVersions: [v1], resources: [configmaps]';
  it.each([
    ['a rule without operations', ofRule(`{ ${rest} }`), '7:9'],
    ['an empty value of operations', ofRule(`{ ${rest}, operations: }`), '7:82'],
    ['an operation in lower case', ofRule(`{ ${rest}, operations: [create] }`), '7:85'],
    [
      'a rule without groups',
      ofRule('{ operations: [CREATE], apiVersions: [v1], resources: [pods] }'),
      '7:9',
    ],
    [
      'a rule without versions',
      ofRule('{ operations: [CREATE], apiGroups: [""], resources: [pods] }'),
      '7:9',
    ],
    [
      'a rule without resources',
      ofRule('{ operations: [CREATE], apiGroups: [""], apiVersions: [v1] }'),
      '7:9',
    ],
    ['a scope in lower case', ofRule(`{ ${rest}, operations: [CREATE], scope: namespaced }`), '7:101'],
    [
      'an asterisk beside others',
      ofRule('{ operations: [CREATE], apiGroups: ["*", apps], apiVersions: [v1], resources: [pods] }'),
      '7:44',
    ],
    [
      'a selector with an unknown operator',
      withFields(
        `    objectSelector: { matchExpressions: [{ key: a, operator: in, values: [b] }] }\n${DENY}`,
      ),
      '8:62',
    ],
    ['no validations', withFields(''), '5:3'],
    ['no match constraints', `${RULES}${DENY}${BINDING}`, '5:3'],
    ['a failure policy in lower case', withFields(`${DENY}  failurePolicy: ignore\n`), '9:18'],
    [
      'a match condition whose name is not one',
      withFields(`${DENY}  matchConditions: [{ name: a b, expression: "true" }]\n`),
      '9:29',
    ],
    [
      'a line break in a message',
      withFields('  validations: [{ expression: "false", message: "a\\nb" }]\n'),
      '8:49',
    ],
    [
      'a reason that does not exist',
      withFields('  validations: [{ expression: "false", reason: Bad }]\n'),
      '8:48',
    ],
    [
      'a variable with the name of a word of CEL',
      withFields(`${DENY}  variables: [{ name: in, expression: "1" }]\n`),
      '9:23',
    ],
    ['a version that is not served', withFields(DENY).replace('io/v1', 'io/v1beta1'), '1:13'],
  ])('%s', async (_title, policies, position) => {
    expect(await findings(policies)).toEqual([`error policy/invalid ${position}`]);
  });
});

describe('an empty item of a policy is an error on its line, and what others find is not lost', () => {
  const other = `\n---${configMapPolicy(DENY).replaceAll('rule', 'other').replace('name: binding', 'name: second')}`;
  it.each([
    ['resourceRules', `${RULES}  matchConstraints:\n    resourceRules:\n      -\n${DENY}${BINDING}`],
    ['validations', withFields('  validations:\n    -\n')],
    ['variables', withFields(`${DENY}  variables:\n    -\n`)],
    ['matchConditions', withFields(`${DENY}  matchConditions:\n    -\n`)],
    ['auditAnnotations', withFields(`${DENY}  auditAnnotations:\n    -\n`)],
    ['matchExpressions', withFields(`    objectSelector:\n      matchExpressions:\n        -\n${DENY}`)],
  ])('%s', async (_list, policies) => {
    const found = await checkYaml({ manifests: configMap, policies: policies + other });
    expect(new Set(found.map(({ rule }) => rule))).toEqual(new Set(['policy/invalid', 'other']));
  });

  it('as is an empty apiVersions', async () => {
    const policies =
      ofRule('{ apiGroups: [""], apiVersions: , operations: [CREATE], resources: [pods] }') + other;
    expect(await findings(policies)).toEqual(['error policy/invalid 7:39', expect.stringContaining('other')]);
  });
});

it('takes an empty messageExpression for none, as Kubernetes does', async () => {
  const policies = configMapPolicy(
    '  validations: [{ expression: "false", message: it was judged, messageExpression: }]',
  );
  const found = await checkYaml({ manifests: configMap, policies });
  expect(found.map(({ message }) => message)).toEqual(['it was judged']);
});

describe('a binding that Kubernetes refuses is an error on its line and binds nothing', () => {
  it.each([
    ['Deny beside Warn', 'validationActions: [Deny, Warn]', '14:46'],
    ['an action twice', 'validationActions: [Deny, Deny]', '14:53'],
    ['no action', 'validationActions: []', '14:46'],
    [
      'parameters without an answer to their absence',
      'validationActions: [Deny], paramRef: { name: a }',
      '14:64',
    ],
    [
      'parameters by name and by label',
      'validationActions: [Deny], paramRef: { name: a, selector: {}, parameterNotFoundAction: Deny }',
      '14:85',
    ],
    [
      'a rule without operations',
      'validationActions: [Deny], matchResources: { resourceRules: [{ apiGroups: [""], apiVersions: [v1], resources: [pods] }] }',
      '14:88',
    ],
  ])('%s', async (_title, binding, position) => {
    expect(await findings(configMapPolicy(DENY.trimEnd(), binding))).toEqual([
      `error policy/invalid ${position}`,
    ]);
  });
});

it('reports every mistake of a policy, those of expressions too', async () => {
  const policies = withFields('  validations: [{ expression: "nonsense" }]\n  failurePolicy: never\n');
  expect(await findings(policies)).toEqual([
    'error policy/invalid 9:18',
    'error policy/does-not-compile 8:31',
  ]);
});
