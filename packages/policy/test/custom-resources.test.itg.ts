import { beforeAll, expect, it } from '@jest/globals';
import { valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { ADMISSION, type Answer, createAll, policyWarnings, until } from '@slipway/testkit/cluster';
import { check, definitionsOfOpenApi } from '../src/index.ts';
import {
  brokenDefinitions,
  type Case,
  customResources,
  droppedField,
  opened,
  ruled,
  shapes,
  statused,
} from './support/custom-resources.ts';
import { bindingOf, ownMessages, policyNamed } from './support/parity.ts';

const cluster = useCluster();

const NAMESPACE = 'custom';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const DEFINED = [shapes, ruled, statused, opened];

const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

beforeAll(async () => {
  for (const definition of DEFINED) {
    const { status, body } = await server.send('POST', DEFINITIONS, definition);
    if (status >= 300) throw new Error(body.message);
  }
  for (const name of DEFINED.map(pluralOf))
    await until(async () => (await server.send('GET', pathOf(name))).status === 200);
}, 600_000);

function pathOf(plural: string): string {
  return `/apis/test.slipway.dev/v1/namespaces/${NAMESPACE}/${plural}`;
}

function pluralOf({ metadata }: KubernetesObject): string {
  return metadata.name.split('.', 1)[0] ?? '';
}

function withNames({ definition }: Case, part: object): KubernetesObject {
  const { kind } = (definition as never as { spec: { names: { kind: string } } }).spec.names;
  return { apiVersion: 'test.slipway.dev/v1', kind, metadata: { name: 'one' }, ...part } as KubernetesObject;
}

/** What the API server says of it, and what it was before as the API server has it. */
async function ask(given: Case): Promise<{ answer: Answer; old?: KubernetesObject }> {
  const path = pathOf(pluralOf(given.definition));
  const object = withNames(given, given.object);
  const query = 'dryRun=All&fieldValidation=Strict';
  if (given.old === undefined)
    return { answer: await apply(`${path}/${object.metadata.name}?${query}`, object) };
  const { body: old } = await server.send('POST', path, withNames(given, given.old));
  const metadata = { ...object.metadata, resourceVersion: old.metadata.resourceVersion };
  const answer = await server.send('PUT', `${path}/one?${query}`, { ...object, metadata });
  await server.send('DELETE', `${path}/one`);
  return { answer, old };
}

/** A deploy applies, which is stricter than a create: a null stays until it is validated. */
function apply(path: string, object: KubernetesObject): Promise<Answer> {
  return server.send(
    'PATCH',
    `${path}&fieldManager=parity&force=true`,
    object,
    'application/apply-patch+yaml',
  );
}

it.each(customResources.map(given => [given.name, given] as const))(
  'a custom resource is refused here if and only if the API server refuses it: %s',
  async (_name, given) => {
    const { answer, old } = await ask(given);
    const found = await check({
      objects: [{ object: withNames(given, given.object), ...(old === undefined ? {} : { old }) }],
      policies: [],
      packs: [],
      customResources: [given.definition],
      kubernetesVersion: '1.36',
      namespace: NAMESPACE,
    });
    expect([found.length > 0, answer.body.message]).toEqual([answer.status >= 300, answer.body.message]);
    // The API server drops the message of a rule whose reason is FieldValueDuplicate.
    const said = String(answer.body.message).replace(/\s+/g, ' ');
    for (const { rule, message } of found)
      if (rule.startsWith('schema/validation-rule') && !said.includes('Duplicate value'))
        expect(said).toContain(message);
  },
);

it('a field that the server drops when it is applied, and says nothing, is an error, as when it is created', async () => {
  const path = pathOf(pluralOf(droppedField.definition));
  const object = withNames(droppedField, droppedField.object);
  const query = 'dryRun=All&fieldValidation=Strict';
  const applied = await apply(`${path}/one?${query}`, object);
  expect([applied.status, valueAt(applied.body as never, ['spec', 'freemap'])]).toEqual([201, { a: {} }]);
  const created = await server.send('POST', `${path}?${query}`, object);
  expect(created.body.message).toContain('unknown field "spec.freemap.a.b"');
  const objects = [{ object }];
  const customResources = [droppedField.definition];
  const request = { policies: [], packs: [], kubernetesVersion: '1.36', namespace: NAMESPACE };
  const found = await check({ ...request, objects, customResources });
  expect(found.map(({ rule, severity, pointer }) => [severity, rule, pointer])).toEqual([
    ['error', 'schema/unknown-field', '/spec/freemap/a/b'],
  ]);
});

it.each(Object.entries(brokenDefinitions))(
  'a definition is an error here as it is for the API server: %s',
  async (_title, definition) => {
    const { status } = await server.send('POST', `${DEFINITIONS}?dryRun=All`, definition);
    const found = await check({
      objects: [{ object: definition }],
      policies: [],
      packs: [],
      kubernetesVersion: '1.36',
      namespace: NAMESPACE,
    });
    expect([status >= 300, found.length > 0]).toEqual([true, true]);
  },
);

it('a definition can be read from the OpenAPI of a cluster, and says the same', async () => {
  const path = '/openapi/v3/apis/test.slipway.dev/v1';
  await until(async () => 'ruleds' in plurals((await server.send('GET', path)).body));
  const { body } = await server.send('GET', path);
  const fromCluster = definitionsOfOpenApi(body, 'test.slipway.dev/v1');
  expect(fromCluster.map(({ metadata }) => metadata.name).sort()).toEqual(
    DEFINED.map(({ metadata }) => metadata.name).sort(),
  );
  const request = { policies: [], packs: [], kubernetesVersion: '1.36', namespace: NAMESPACE };
  for (const given of customResourcesOf([
    'rule: minmax',
    'shape: min',
    'statuseds.test.slipway.dev: a status with a wrong type',
    'statuseds.test.slipway.dev: a status with an unknown field',
  ])) {
    const objects = [{ object: withNames(given, given.object) }];
    const [own, read] = [[given.definition], fromCluster].map(definitions =>
      check({ ...request, objects, customResources: definitions }),
    );
    expect((await read)?.map(({ rule, message }) => [rule, message])).toEqual(
      (await own)?.map(({ rule, message }) => [rule, message]),
    );
  }
});

function customResourcesOf(names: readonly string[]): readonly Case[] {
  return customResources.filter(({ name }) => names.includes(name));
}

function plurals(body: { paths?: object }): Record<string, true> {
  return Object.fromEntries(Object.keys(body.paths ?? {}).map(path => [path.split('/').at(-1), true]));
}

const versioned: KubernetesObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.test.slipway.dev' },
  spec: {
    group: 'test.slipway.dev',
    scope: 'Namespaced',
    names: { plural: 'gadgets', singular: 'gadget', kind: 'Gadget', listKind: 'GadgetList' },
    versions: ['v1', 'v1beta1'].map(name => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { a: { type: 'integer' } } } },
        },
      },
    })),
  },
};

it.each(['Equivalent', 'Exact'] as const)(
  'a policy whose rules name another version sees the object in that one, or not at all: %s',
  async matchPolicy => {
    const name = `gadgets-${matchPolicy.toLowerCase()}`;
    const rule = {
      apiGroups: ['test.slipway.dev'],
      apiVersions: ['v1'],
      operations: ['CREATE'],
      resources: ['gadgets'],
    };
    const all = { ...rule, apiVersions: ['*'] };
    const seen =
      "object.apiVersion + ' ' + request.kind.version + ' ' + request.requestKind.version + ' ' + request.requestResource.version";
    const validations = [{ expression: 'false', messageExpression: seen }];
    const spec = { matchConstraints: { matchPolicy, resourceRules: [rule] }, validations };
    const sentinel = {
      matchConstraints: { resourceRules: [all] },
      validations: [{ expression: 'false', message: name }],
    };
    const policies = [
      policyNamed(name, spec),
      bindingOf(name),
      policyNamed(`${name}-sentinel`, sentinel),
      bindingOf(`${name}-sentinel`),
    ];
    await server.send('POST', DEFINITIONS, versioned);
    const path = `/apis/test.slipway.dev/v1beta1/namespaces/${NAMESPACE}/gadgets`;
    await until(async () => (await server.send('GET', path)).status === 200);
    await createAll(server, policies);
    const object: KubernetesObject = {
      apiVersion: 'test.slipway.dev/v1beta1',
      kind: 'Gadget',
      metadata: { name: 'one' },
    };
    const ask = async () =>
      policyWarnings((await server.send('POST', `${path}?dryRun=All`, object)).warnings);
    await until(async () => (await ask()).includes(name));
    const own = await ownMessages(object, [...policies, versioned], NAMESPACE, '1.36');
    expect(own).toEqual(await ask());
    for (const { kind, metadata } of policies)
      await server.send('DELETE', `${ADMISSION}/${kind.toLowerCase().replace(/y$/, 'ie')}s/${metadata.name}`);
  },
);
