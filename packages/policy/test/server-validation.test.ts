import { expect, it } from '@jest/globals';
import { checkYaml, configMap, deployment, shown } from './support/check-yaml.ts';

const service = (spec: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: api }\nspec: ${spec}\n`;

const named = (metadata: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: ${metadata}\n`;

/** Each with the findings, `severity rule line:column`, and a part of the first one's message. */
const cases: Readonly<
  Record<string, readonly [manifest: string, findings: readonly string[], text?: string]>
> = {
  'a port and protocol of a Service twice': [
    service('{ ports: [{ name: a, port: 80 }, { name: b, port: 80, protocol: TCP }] }'),
    ['error schema/duplicate-item 4:40'],
    '"spec.ports[1]" has the same "port" and "protocol" as "spec.ports[0]"',
  ],
  'a port with two protocols': [
    service('{ ports: [{ name: a, port: 53 }, { name: b, port: 53, protocol: UDP }] }'),
    [],
  ],
  'a variable twice': [
    deployment({ container: '          env: [{ name: A, value: x }, { name: A, value: z }]' }),
    ['error schema/duplicate-item 25:40'],
    'has the same "name"',
  ],
  'a finalizer twice': [
    named('{ name: a, finalizers: [example.com/a, example.com/a] }'),
    ['error schema/duplicate-item 3:50'],
    'has the same value',
  ],
  'an object twice': [
    `${configMap}---\n${configMap}`,
    ['error schema/duplicate-object 11:9'],
    'this ConfigMap is among the manifests twice',
  ],
  'one name in two namespaces': [
    `${named('{ name: a, namespace: one }')}---\n${named('{ name: a, namespace: two }')}`,
    [],
  ],
  'a name with an underscore': [
    named('{ name: A_B }'),
    ['error schema/invalid-name 3:19'],
    '"metadata.name": a lowercase RFC 1123 subdomain must consist of',
  ],
  'an empty name': [named("{ name: '' }"), ['error schema/invalid-name 3:19']],
  'a name that leaves its folder': [named('{ name: ../x }'), ['error schema/invalid-name 3:19']],
  'a Service whose name has a dot': [
    service('{ ports: [{ port: 80 }] }').replace('name: api', 'name: a.b'),
    ['error schema/invalid-name 3:19'],
  ],
  'a role with a colon in its name': [
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: "system:x" }\nrules: []\n',
    [],
  ],
  'a budget, whose name the server does not look at closely': [
    'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: A_B }\nspec: {}\n',
    [],
  ],
  'a Deployment without a spec': [
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\n',
    ['error schema/missing-field 1:1', 'error schema/missing-field 1:1'],
  ],
  'a label that is not one': [
    named('{ name: a, labels: { "a b": c, d: "e f" } }'),
    ['error schema/invalid-name 3:39', 'error schema/invalid-name 3:45'],
  ],
  'a key of a ConfigMap with a slash': [
    `${named('{ name: a }')}data: { a/b: c }\n`,
    ['error schema/invalid-name 4:14'],
  ],
  'a ConfigMap of more than 1 MiB': [
    `${named('{ name: a }')}data: { a: ${'x'.repeat(1024 * 1024 + 1)} }\n`,
    ['error schema/too-large 4:7'],
  ],
  'a ConfigMap of 1 MiB': [`${named('{ name: a }')}data: { a: ${'x'.repeat(1024 * 1024)} }\n`, []],
  'annotations of more than 256 KiB': [
    named(`{ name: a, annotations: { a: ${'x'.repeat(256 * 1024)} } }`),
    ['error schema/too-large 3:35'],
  ],
};

it.each(Object.entries(cases))(
  'what an API server refuses is found: %s',
  async (_title, [manifests, findings, text]) => {
    const found = await checkYaml({ manifests });
    expect(shown(found)).toEqual(findings);
    if (text !== undefined) expect(found[0]?.message).toContain(text);
  },
);

it('the other of two equal items is named with its position', async () => {
  const [found] = await checkYaml({ manifests: cases['a port and protocol of a Service twice']?.[0] ?? '' });
  expect(found?.related?.map(({ message, place }) => [message, place.line, place.column])).toEqual([
    ['the other one', 4, 17],
  ]);
});

it('a key beyond 2^53 ends in a finding, and hides no other', async () => {
  const manifests =
    'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 9223372036854775807 }, { port: 9223372036854775807 }] }\ndada: 1\n';
  const found = (await checkYaml({ manifests })).map(({ rule }) => rule);
  expect(found).toContain('schema/unknown-field');
  expect(found).toContain('schema/duplicate-item');
});
