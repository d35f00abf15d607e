import { beforeAll, expect, it } from '@jest/globals';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { createAll, policyWarnings, until } from '@slipway/testkit/cluster';
import type { BindingSpec, PolicySpec } from '../src/resources/types.ts';
import { bindingOf, ownMessages, policyNamed } from './support/parity.ts';

const cluster = useCluster();

const START = 600_000;
const VERSION = '1.36';

const server = useApiServer(() => cluster.kubeconfig);

/** With the label that the API server gives them. */
const namespaces: KubernetesObject[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'blue', labels: { 'kubernetes.io/metadata.name': 'blue', team: 'blue', tier: 'gold' } },
  },
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'green', labels: { 'kubernetes.io/metadata.name': 'green' } },
  },
];

type Rules = NonNullable<NonNullable<PolicySpec['matchConstraints']>['resourceRules']>;
const rule = (changes: Partial<Rules[number]> = {}): Rules[number] => ({
  ...{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] },
  ...changes,
});
const always = [{ expression: 'false' }];

interface Case {
  readonly policy: Omit<PolicySpec, 'validations'> & Partial<Pick<PolicySpec, 'validations'>>;
  readonly binding?: BindingSpec;
}

/** Each policy says something of the objects that it is about, and of those alone. */
const cases: Readonly<Record<string, Case>> = {
  'a rule of one kind': { policy: { matchConstraints: { resourceRules: [rule()] } } },
  'a rule of all groups, versions, operations and kinds': {
    policy: {
      matchConstraints: {
        resourceRules: [rule({ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] })],
      },
    },
  },
  'a rule of kinds with all their subresources': {
    policy: { matchConstraints: { resourceRules: [rule({ resources: ['*/*'] })] } },
  },
  'a rule of a subresource only': {
    policy: { matchConstraints: { resourceRules: [rule({ resources: ['pods/ephemeralcontainers'] })] } },
  },
  'a rule of updates only': {
    policy: { matchConstraints: { resourceRules: [rule({ operations: ['UPDATE'] })] } },
  },
  'a rule of cluster scope': {
    policy: {
      matchConstraints: { resourceRules: [rule({ apiGroups: ['*'], resources: ['*'], scope: 'Cluster' })] },
    },
  },
  'a rule of namespaced scope': {
    policy: {
      matchConstraints: {
        resourceRules: [rule({ apiGroups: ['*'], resources: ['*'], scope: 'Namespaced' })],
      },
    },
  },
  'a rule of names': {
    policy: { matchConstraints: { resourceRules: [rule({ resourceNames: ['settings'] })] } },
  },
  'several rules': {
    policy: {
      matchConstraints: {
        resourceRules: [rule(), rule({ apiGroups: ['apps'], resources: ['deployments'] })],
      },
    },
  },
  'a rule that is excluded again': {
    policy: {
      matchConstraints: {
        resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })],
        excludeResourceRules: [rule({ resourceNames: ['settings'] })],
      },
    },
  },
  'a selector of objects by label': {
    policy: {
      matchConstraints: { resourceRules: [rule()], objectSelector: { matchLabels: { app: 'shop' } } },
    },
  },
  'a selector of objects by expressions': {
    policy: {
      matchConstraints: {
        resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })],
        objectSelector: {
          matchExpressions: [
            { key: 'app', operator: 'NotIn', values: ['shop'] },
            { key: 'extra', operator: 'DoesNotExist' },
          ],
        },
      },
    },
  },
  'a selector of namespaces by label': {
    policy: {
      matchConstraints: {
        resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })],
        namespaceSelector: { matchLabels: { team: 'blue' } },
      },
    },
  },
  'a selector of namespaces by name': {
    policy: {
      matchConstraints: {
        resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })],
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['green'] }],
        },
      },
    },
  },
  'a binding that narrows': {
    policy: { matchConstraints: { resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })] } },
    binding: {
      matchResources: { resourceRules: [rule({ apiGroups: ['apps'], resources: ['deployments'] })] },
    },
  },
  'a binding of a namespace': {
    policy: { matchConstraints: { resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })] } },
    binding: { matchResources: { namespaceSelector: { matchLabels: { tier: 'gold' } } } },
  },
  'match conditions that hold': {
    policy: {
      matchConstraints: { resourceRules: [rule()] },
      matchConditions: [{ name: 'named', expression: "object.metadata.name == 'settings'" }],
    },
  },
  'match conditions of which one fails and one does not hold': {
    policy: {
      matchConstraints: { resourceRules: [rule()] },
      matchConditions: [
        { name: 'broken', expression: "object.nothing == 'x'" },
        { name: 'named', expression: "object.metadata.name == 'settings'" },
      ],
    },
  },
  'match conditions that fail, and that is ignored': {
    policy: {
      failurePolicy: 'Ignore',
      matchConstraints: { resourceRules: [rule()] },
      matchConditions: [{ name: 'broken', expression: "object.nothing == 'x'" }],
    },
  },
  'messages made of parameters that are not there': {
    policy: {
      matchConstraints: { resourceRules: [rule({ resourceNames: ['settings'] })] },
      validations: [
        { expression: "object.data.colour == 'red'", message: 'it is not red' },
        { expression: 'false', messageExpression: "'colour: ' + object.data.colour", message: 'unused' },
        { expression: 'false', messageExpression: "object.data.nothing + ''", message: 'instead' },
        { expression: 'false', messageExpression: "'two\\nlines'", message: 'one line' },
        { expression: 'false', messageExpression: "'  '" },
        { expression: 'false', message: '  trimmed  ' },
        { expression: '  has(object.nothing)  ' },
      ],
    },
  },
  'a namespace as it is': {
    policy: {
      matchConstraints: { resourceRules: [rule()] },
      validations: [
        {
          expression: 'false',
          messageExpression: 'namespaceObject.metadata.name + string(namespaceObject.metadata.labels.size())',
        },
      ],
    },
  },
};

const objects: readonly (readonly [path: string, object: KubernetesObject])[] = [
  ...['blue', 'green'].map(
    namespace =>
      [
        `/api/v1/namespaces/${namespace}/configmaps`,
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'settings', namespace, labels: { app: 'shop' } },
          data: { colour: 'blue' },
        },
      ] as const,
  ),
  [
    '/api/v1/namespaces/blue/configmaps',
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'other', namespace: 'blue', labels: { extra: 'yes' } },
    },
  ],
  [
    '/api/v1/namespaces/blue/services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'api', namespace: 'blue' },
      spec: { ports: [{ port: 80 }] },
    },
  ],
  [
    '/apis/apps/v1/namespaces/green/deployments',
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'api', namespace: 'green' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'a', image: 'a' }] } },
      },
    },
  ],
  [
    '/api/v1/namespaces',
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'red', labels: { team: 'blue' } } },
  ],
  [
    '/apis/rbac.authorization.k8s.io/v1/clusterroles',
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'reader' },
      rules: [],
    },
  ],
  [
    '/apis/scheduling.k8s.io/v1/priorityclasses',
    { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 1 },
  ],
];

const named = Object.entries(cases).map(([title, { policy, binding }], index) => {
  const name = `matching-${index}`;
  const spec: PolicySpec = { validations: always.map(entry => ({ ...entry, message: name })), ...policy };
  return { title, name, objects: [policyNamed(name, spec), bindingOf(name, binding as never)] };
});
const SENTINEL = 'matching-sentinel';
const sentinel = [
  policyNamed(SENTINEL, {
    matchConstraints: { resourceRules: [rule({ apiGroups: ['*'], resources: ['*'] })] },
    validations: [{ expression: 'false', message: SENTINEL }],
  }),
  bindingOf(SENTINEL),
];

function send(path: string, object: KubernetesObject) {
  return server.send('POST', `${path}?dryRun=All`, object);
}

beforeAll(async () => {
  await createAll(server, [...namespaces, ...named.flatMap(entry => entry.objects), ...sentinel]);
  const [path, object] = objects[0] ?? ['', undefined];
  if (object !== undefined)
    await until(async () => policyWarnings((await send(path, object)).warnings).includes(SENTINEL));
}, START);

it.each(named)('policies say the same of the same objects: $title', async ({ name, objects: policies }) => {
  for (const [path, object] of objects) {
    const { status, warnings, body } = await send(path, object);
    expect([status, body.message]).toEqual([201, undefined]);
    const marked = warnings.filter(text => text.includes(`Policy '${name}'`));
    const own = await ownMessages(object, policies, 'default', VERSION, { namespaces });
    // A policy whose failure is ignored says nothing there, and here that it could not be evaluated.
    const visible = name === ignoredCase ? [] : own;
    expect([object.kind, object.metadata.name, visible]).toEqual([
      object.kind,
      object.metadata.name,
      policyWarnings(marked),
    ]);
  }
});

const ignoredCase = named.find(({ title }) => title.endsWith('that is ignored'))?.name;
