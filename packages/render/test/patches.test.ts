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
    expect(object?.placeOf('/spec/paused')).toMatchObject({ path: 'formations/staging.yaml', line: 9 });
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
  expect(object?.placeOf('/spec/replicas')).toMatchObject({ path: 'formations/staging.yaml', line: 9 });
  expect(object?.placeOf('/metadata/name')).toMatchObject({ path: 'stencils/config.yaml', line: 3 });
  expect(object?.placeOf('/spec/template')).toMatchObject({ path: 'stencils/config.yaml', line: 6 });
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
      'patch-invalid formations/staging.yaml:9:108: an item of "spec.template.spec.containers" lacks "name", which identifies the items of this list; add it, or begin the list with "- $patch: replace"',
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
