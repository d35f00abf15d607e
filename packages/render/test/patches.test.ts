import { describe, expect, it } from '@jest/globals';
import { type JsonValue, valueAt } from '@slipway/core';
import { api, B, containers, deployment, merges, pod } from './support/merges.ts';
import { indented, problemsOf, rendered } from './support/shop.ts';

const route = `apiVersion: example.com/v1
kind: Route
metadata: {name: r}
spec:
  containers: [{name: a, x: 1}, {name: b}]
  host: h
`;

/** Each line is one patch. */
function formation(patches: string, destinationPatches: string): string {
  const own = destinationPatches === '' ? '' : `      patches:\n${indented(destinationPatches, 8)}`;
  return `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec:\n  destinations:\n    main:\n      namespace: shop-staging\n${own}  patches:\n${indented(patches, 4)}`;
}

async function patched(patches: string, stencil = deployment, destinationPatches = '') {
  return await rendered({
    'stencils/config.yaml': stencil,
    'formations/staging.yaml': formation(patches, destinationPatches),
    'config/a.yaml': 'apiVersion: slipway.dev/v1\nkind: Config\nspec:\n  values: {"*.*": {n: 6}}\n',
  });
}

describe("into Kubernetes' own kinds a patch is merged strategically", () => {
  it.each(Object.entries(merges))('%s', async (_name, [patch, path, expected]) => {
    const { objects } = await patched(patch);
    expect(valueAt(objects[0]?.object ?? null, path)).toEqual(expected);
  });
});

describe('a directive that cannot be followed is refused, as the items around it would be lost', () => {
  const whole =
    /^patch-invalid formations\/staging\.yaml:9:\d+: the items of ".*" have no keys, so a patch replaces/;
  const asJson =
    /^patch-invalid .*: "\$patch" is not a directive for a custom resource whose definition is not known/;
  const object =
    /^patch-invalid .*: "\$patch" is about fields and items of lists, and cannot delete or replace a whole/;
  const binding =
    'apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\nsubjects: [{kind: User, name: a}, {kind: User, name: b}]\nroleRef: {kind: Role, name: r}\n';
  it.each([
    [
      'the deletion of one subject of a binding',
      '- {kind: RoleBinding, metadata: {name: b}, subjects: [{kind: User, name: a, $patch: delete}]}',
      binding,
      whole,
    ],
    [
      'a change of one toleration, also where there is none yet',
      pod('{tolerations: [{key: a, $patch: merge}]}'),
      deployment,
      whole,
    ],
    [
      'the deletion of an item of a custom resource without a definition',
      '- {kind: Route, metadata: {name: r}, spec: {containers: [{name: a, $patch: delete}]}}',
      route,
      asJson,
    ],
    [
      'the deletion of a field of a custom resource without a definition',
      '- {kind: Route, metadata: {name: r}, spec: {$patch: delete}}',
      route,
      asJson,
    ],
    [
      'the deletion of an object',
      '- {kind: Deployment, metadata: {name: api}, $patch: delete}',
      deployment,
      object,
    ],
    [
      'the replacement of an object',
      '- {kind: Deployment, metadata: {name: api}, $patch: replace, spec: {}}',
      deployment,
      object,
    ],
    [
      'an order of elements within what is added',
      pod('{initContainers: [{name: i, $setElementOrder/env: [{name: A}]}]}'),
      deployment,
      /"\$setElementOrder\/env" is not a directive that a patch can have here/,
    ],
  ])('%s', async (_name, patch, stencil, expected) => {
    expect(await problemsOf(() => patched(patch, stencil))).toEqual([expect.stringMatching(expected)]);
  });

  it('while a deletion within a new item, which kubectl would leave in it, has nothing to delete', async () => {
    const patch = pod('{containers: [{name: new, env: [{name: A, $patch: delete}, {name: C}]}]}');
    const { objects } = await patched(patch);
    expect(valueAt(objects[0]?.object ?? null, [...containers, 0, 'env'])).toEqual([{ name: 'C' }]);
  });

  it('while other keys with a dollar are fields of a custom resource', async () => {
    const { objects } = await patched(
      '- {kind: Route, metadata: {name: r}, spec: {schema: {$ref: a}}}',
      route,
    );
    expect(valueAt(objects[0]?.object ?? null, ['spec', 'schema'])).toEqual({ $ref: 'a' });
  });
});

it('a list with keys and without a patch strategy is merged by them, as server-side apply does', async () => {
  const claims = (text: string): string => `{containers: [{name: api, resources: {claims: [${text}]}}]}`;
  const podTemplate = `apiVersion: v1\nkind: PodTemplate\nmetadata: {name: p}\ntemplate: {spec: ${claims('{name: gpu}, {name: disk}')}}\n`;
  const patch = `- {kind: PodTemplate, metadata: {name: p}, template: {spec: ${claims('{name: gpu, request: one}')}}}`;
  const { objects } = await patched(patch, podTemplate);
  expect(
    valueAt(objects[0]?.object ?? null, ['template', 'spec', 'containers', 0, 'resources', 'claims']),
  ).toEqual([{ name: 'gpu', request: 'one' }, { name: 'disk' }]);
});

describe('into a custom resource', () => {
  const spec = '- {kind: Route, metadata: {name: r}, spec: {containers: [{name: b, x: 2}, {name: c}]}}';
  const listType =
    '{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name], items: {type: object}}';
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: routes.example.com}
spec:
  group: example.com
  names: {kind: Route}
  versions: [{name: v1, schema: {openAPIV3Schema: {properties: {spec: {properties: {containers: ${listType}}}}}}}]
`;

  it('is merged as JSON if no definition is known', async () => {
    const { objects } = await patched(spec, route);
    expect(objects[0]?.object['spec']).toEqual({
      containers: [{ name: 'b', x: 2 }, { name: 'c' }],
      host: 'h',
    });
  });

  it('is merged by the list keys of its definition, if the repository has one', async () => {
    const { objects } = await patched(spec, `${route}---\n${definition}`);
    expect(objects[0]?.object['spec']).toEqual({
      containers: [{ name: 'a', x: 1 }, { name: 'b', x: 2 }, { name: 'c' }],
      host: 'h',
    });
  });

  it('is merged as JSON if its version is not defined', async () => {
    const { objects } = await patched(spec, `${route.replace('/v1', '/v2')}---\n${definition}`);
    expect(valueAt(objects[0]?.object ?? null, ['spec', 'containers'])).toHaveLength(2);
  });
});

const operations: Record<
  string,
  [operations: string, path: (string | number)[], expected: JsonValue | undefined]
> = {
  'add sets a key': ['[{op: add, path: /spec/paused, value: true}]', ['spec', 'paused'], true],
  'add inserts before an item': [
    '[{op: add, path: /spec/template/spec/containers/0/args/1, value: x}]',
    [...containers, 0, 'args'],
    ['a', 'x', 'b'],
  ],
  'add at - appends': [
    '[{op: add, path: /spec/template/spec/containers/0/args/-, value: x}]',
    [...containers, 0, 'args'],
    ['a', 'b', 'x'],
  ],
  'replace replaces an item': [
    '[{op: replace, path: /spec/template/spec/containers/0/args/0, value: x}]',
    [...containers, 0, 'args'],
    ['x', 'b'],
  ],
  'remove removes a key': ['[{op: remove, path: /spec/replicas}]', ['spec', 'replicas'], undefined],
  'remove removes an item': [
    '[{op: remove, path: /spec/template/spec/containers/0/env/0}]',
    [...containers, 0, 'env'],
    [B],
  ],
  'copy copies': ['[{op: copy, from: /metadata/name, path: /spec/copied}]', ['spec', 'copied'], 'api'],
  'move moves': [
    '[{op: move, from: /spec/replicas, path: /spec/moved}]',
    ['spec'],
    expect.objectContaining({ moved: 2 }) as never,
  ],
  'a test that holds continues': [
    '[{op: test, path: /spec/replicas, value: 2}, {op: replace, path: /spec/replicas, value: 3}]',
    ['spec', 'replicas'],
    3,
  ],
  'escaped slashes are keys': [
    '[{op: add, path: /metadata/labels/a.b~1c, value: x}]',
    ['metadata', 'labels', 'a.b/c'],
    'x',
  ],
  'placeholders are filled': [
    '[{op: replace, path: /spec/replicas, value: "${config.n}"}]',
    ['spec', 'replicas'],
    '6',
  ],
};

const json = (list: string): string => `- {target: {kind: Deployment, name: api}, json6902: ${list}}`;

describe('the operations of a JSON patch', () => {
  it.each(Object.entries(operations))('%s', async (_name, [list, path, expected]) => {
    const { objects } = await patched(json(list));
    expect(valueAt(objects[0]?.object ?? null, path)).toEqual(expected);
  });

  it('have the position of the patch that set them', async () => {
    const [object] = (await patched(json('[{op: add, path: /spec/paused, value: true}]'))).objects;
    expect(object?.positionAt('/spec/paused')).toMatchObject({ path: 'formations/staging.yaml', line: 9 });
  });

  it.each([
    [
      'replace a missing value',
      '[{op: replace, path: /spec/nope, value: 1}]',
      'the object has nothing at "/spec/nope"',
    ],
    [
      'remove a missing value',
      '[{op: remove, path: /spec/template/spec/containers/7}]',
      'the object has nothing at "/spec/template/spec/containers/7"',
    ],
    [
      'add after the end',
      '[{op: add, path: /spec/template/spec/containers/9, value: {}}]',
      'the list has no index "9"',
    ],
    [
      'add below a number',
      '[{op: add, path: /spec/replicas/x, value: 1}]',
      'the object has no list or map that contains "x"',
    ],
    ['add nothing', '[{op: add, path: /spec/x}]', 'the operation has no "value"'],
    ['copy from nowhere', '[{op: copy, path: /spec/x}]', '"from" must be a pointer such as /spec/replicas'],
    [
      'continue after a test that fails',
      '[{op: test, path: /spec/replicas, value: 3}]',
      'the tested value is different',
    ],
  ])('cannot %s', async (_name, list, message) => {
    expect(await problemsOf(() => patched(json(list)))).toEqual([
      expect.stringMatching(
        /^patch-invalid formations\/staging\.yaml:9:\d+: .*; fix the operation, or remove it$/,
      ),
    ]);
    expect((await problemsOf(() => patched(json(list))))[0]).toContain(message);
  });

  it.each([
    [
      'op',
      '[{op: upsert, path: /a}]',
      /format-invalid formations\/staging\.yaml:9:\d+: .*must be one of add, remove/,
    ],
    ['field', '[{op: add, pth: /a}]', /format-unknown-field .*unknown field "pth"; did you mean "path"\?/],
    ['path', '[{op: remove, path: spec}]', /format-invalid .*expected: a pointer such as/],
  ])('with a wrong %s are refused by the format', async (_name, list, expected) => {
    expect((await problemsOf(() => patched(json(list)))).join('\n')).toMatch(expected);
  });
});

it("the destination's patches come after the formation's", async () => {
  const { objects } = await patched(api('{replicas: 3, paused: true}'), deployment, api('{replicas: 4}'));
  expect(objects[0]?.object['spec']).toMatchObject({ replicas: 4, paused: true });
});

it('an unquoted placeholder in a patch in block style is typed', async () => {
  const block = '- kind: Deployment\n  metadata: {name: api}\n  spec:\n    replicas: ${config.n}';
  expect((await patched(block)).objects[0]?.object['spec']).toMatchObject({ replicas: 6 });
});

it('the parts that a patch sets have positions in the patch, all others keep theirs', async () => {
  const [object] = (await patched(api('{replicas: 6}'))).objects;
  expect(object?.positionAt('/spec/replicas')).toMatchObject({ path: 'formations/staging.yaml', line: 9 });
  expect(object?.positionAt('/metadata/name')).toMatchObject({ path: 'stencils/config.yaml', line: 3 });
  expect(object?.positionAt('/spec/template')).toMatchObject({ path: 'stencils/config.yaml', line: 6 });
});

describe('a patch is refused', () => {
  it.each([
    [
      'that matches nothing',
      '- {kind: Deployment, metadata: {name: apy}}',
      'patch-unmatched formations/staging.yaml:9:43: the formation has no "Deployment apy" to patch; did you mean "Deployment api"?',
    ],
    [
      'of another version',
      '- {apiVersion: apps/v2, kind: Deployment, metadata: {name: api}}',
      'patch-unmatched formations/staging.yaml:9:64: the formation has no "apps/v2 Deployment api" to patch; did you mean "apps/v1 Deployment api"?',
    ],
    [
      'whose item has no key',
      pod('{containers: [{image: x}]}'),
      'patch-invalid formations/staging.yaml:9:108: an item of "spec.template.spec.containers" lacks "name", which identifies the items of this list; add "name", or begin the list with "- $patch: replace"',
    ],
    [
      'that has two items of one key',
      pod('{containers: [{name: api, image: x}, {name: api, image: y}]}'),
      'patch-invalid formations/staging.yaml:9:131: the patch has several items for the same item of "spec.template.spec.containers"; write each "name" once',
    ],
    [
      'that adds two items of one key',
      pod('{containers: [{name: new, image: x}, {name: new, image: y}]}'),
      'patch-invalid formations/staging.yaml:9:131: the patch has several items for the same item of "spec.template.spec.containers"; write each "name" once',
    ],
    [
      'that has a map with a directive for a list',
      pod('{containers: {$patch: replace}}'),
      'patch-invalid formations/staging.yaml:9:95: "spec.template.spec.containers" is a list, and the patch has a map with "$patch" for it; begin the list with "- $patch: replace"',
    ],
    [
      'whose item would be lost',
      pod('{containers: [{name: api, $patch: replace, image: x}]}'),
      'patch-invalid formations/staging.yaml:9:108: an item with "$patch: replace" replaces the whole list, so its other fields would be lost; write "- $patch: replace" as a separate item',
    ],
    [
      'with an unknown directive',
      api('{$retainKeys: [a]}'),
      'patch-invalid formations/staging.yaml:9:77: "$retainKeys" is not a directive that a patch can have here; write $patch with merge, replace or delete',
    ],
    [
      'with an unknown word',
      api('{replicas: "${config.m}"}'),
      'word-unvalued formations/staging.yaml:9:88: "config.m" has no value for main.staging (tried main.staging.m, main.*.m, *.staging.m, *.*.m); did you mean "config.n"?',
    ],
  ])('%s', async (_name, patch, expected) => {
    expect(await problemsOf(() => patched(patch))).toEqual([expected]);
  });
});

describe('a list of several keys keeps each item that the patch does not name', () => {
  const service =
    'apiVersion: v1\nkind: Service\nmetadata: {name: api}\nspec:\n  ports:\n    - {name: a, port: 80}\n    - {name: b, port: 443, protocol: TCP}\n    - {name: c, port: 443, protocol: UDP}\n';
  const ofPorts = (items: string): string =>
    `- {kind: Service, metadata: {name: api}, spec: {ports: [${items}]}}`;
  const ports = async (items: string): Promise<JsonValue | undefined> =>
    valueAt((await patched(ofPorts(items), service)).objects[0]?.object ?? null, ['spec', 'ports']);
  const a = { name: 'a', port: 80 };
  const b = { name: 'b', port: 443, protocol: 'TCP' };
  const c = { name: 'c', port: 443, protocol: 'UDP' };

  it.each<[string, string, JsonValue]>([
    ['by all keys', '{port: 443, protocol: UDP, nodePort: 1}', [a, b, { ...c, nodePort: 1 }]],
    [
      'by the first one alone, where one item has it',
      '{port: 80, nodePort: 1}',
      [{ ...a, nodePort: 1 }, b, c],
    ],
    [
      'by the default of a key that the item leaves out',
      '{port: 80, protocol: TCP, nodePort: 1}',
      [{ ...a, protocol: 'TCP', nodePort: 1 }, b, c],
    ],
    [
      'by another value of the second key, which adds',
      '{port: 80, protocol: UDP}',
      [{ port: 80, protocol: 'UDP' }, a, b, c],
    ],
    ['by all keys, to delete', '{port: 443, protocol: TCP, $patch: delete}', [a, c]],
    ['by the first one alone, to delete', '{port: 80, $patch: delete}', [b, c]],
  ])('%s', async (_name, items, expected) => {
    expect(await ports(items)).toEqual(expected);
  });

  it.each(['{port: 443, nodePort: 1}', '{port: 443, $patch: delete}'])(
    'and a patch that may mean either is refused: %s',
    async items => {
      expect(await problemsOf(() => patched(ofPorts(items), service))).toEqual([
        'patch-invalid formations/staging.yaml:9:61: several items of "spec.ports" match this item of the patch; add "protocol" to say which one is meant',
      ]);
    },
  );

  it('and so do the ports of a container and the constraints of a topology key', async () => {
    const both = `apiVersion: v1
kind: Pod
metadata: {name: api}
spec:
  containers: [{name: api, ports: [{containerPort: 53, protocol: TCP}, {containerPort: 53, protocol: UDP}]}]
  topologySpreadConstraints: [{topologyKey: zone, whenUnsatisfiable: DoNotSchedule, maxSkew: 1}, {topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, maxSkew: 1}]
`;
    const patch =
      '- {kind: Pod, metadata: {name: api}, spec: {containers: [{name: api, ports: [{containerPort: 53, protocol: UDP, name: dns}]}], topologySpreadConstraints: [{topologyKey: zone, whenUnsatisfiable: ScheduleAnyway, maxSkew: 5}]}}';
    expect((await patched(patch, both)).objects[0]?.object['spec']).toEqual({
      containers: [
        {
          name: 'api',
          ports: [
            { containerPort: 53, protocol: 'TCP' },
            { containerPort: 53, protocol: 'UDP', name: 'dns' },
          ],
        },
      ],
      topologySpreadConstraints: [
        { topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', maxSkew: 1 },
        { topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 5 },
      ],
    });
  });

  it('and a list whose items are not told apart by their key, such as two variables of one name, is not guessed at', async () => {
    const twice = deployment.replace('{name: B, value: "2"}', '{name: A, value: "2"}');
    const patch = pod('{containers: [{name: api, env: [{name: A, value: x}]}]}');
    expect(await problemsOf(() => patched(patch, twice))).toEqual([
      'patch-invalid formations/staging.yaml:9:126: several items of "spec.template.spec.containers.env" match this item of the patch; let each item of the list have its own "name"',
    ]);
  });
});

it('finds an object by the name that an earlier patch gave it', async () => {
  const patches = [
    '- {target: {kind: Deployment, name: api}, json6902: [{op: replace, path: /metadata/name, value: other}]}',
    '- {kind: Deployment, metadata: {name: other}, spec: {replicas: 8}}',
    '- {kind: Deployment, metadata: {name: other}, spec: {minReadySeconds: 3}}',
  ];
  const { objects } = await patched(patches.join('\n'));
  expect(objects[0]?.object).toMatchObject({
    metadata: { name: 'other' },
    spec: { replicas: 8, minReadySeconds: 3 },
  });
});
