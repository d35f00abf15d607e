import { describe, expect, it } from '@jest/globals';
import { type JsonValue, valueAt } from '@slipway/core';
import { indented, problemsOf, rendered } from './support/shop.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: api, labels: {app: api}}
spec:
  replicas: 2
  template:
    spec:
      containers:
        - name: api
          args: [a, b]
          env:
            - {name: A, value: "1"}
            - {name: B, value: "2"}
          ports:
            - {containerPort: 80, name: http}
        - name: sidecar
          image: s
`;

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

const api = (spec: string): string =>
  `- {apiVersion: apps/v1, kind: Deployment, metadata: {name: api}, spec: ${spec}}`;
const pod = (spec: string): string => api(`{template: {spec: ${spec}}}`);

const containers = ['spec', 'template', 'spec', 'containers'];
const A = { name: 'A', value: '1' };
const B = { name: 'B', value: '2' };

const merges: Record<string, [patch: string, path: (string | number)[], expected: JsonValue | undefined]> = {
  'a scalar is replaced': [api('{replicas: 6}'), ['spec', 'replicas'], 6],
  'null removes a key': [api('{replicas: null}'), ['spec', 'replicas'], undefined],
  'a placeholder is filled': [api('{replicas: "${config.n}"}'), ['spec', 'replicas'], '6'],
  'a new key is added': [api('{paused: true}'), ['spec', 'paused'], true],
  'labels are merged': [
    '- {kind: Deployment, metadata: {name: api, labels: {tier: x}}}',
    ['metadata', 'labels'],
    { app: 'api', tier: 'x' },
  ],
  'containers are matched by name': [
    pod('{containers: [{name: sidecar, image: t}]}'),
    [...containers, 1],
    { name: 'sidecar', image: 't' },
  ],
  'and others are left alone': [
    pod('{containers: [{name: sidecar, image: t}]}'),
    [...containers, 0, 'args'],
    ['a', 'b'],
  ],
  'a new container is added at the end': [
    pod('{containers: [{name: new}]}'),
    [...containers, 2],
    { name: 'new' },
  ],
  'env is matched by name': [
    pod('{containers: [{name: api, env: [{name: B, value: "3"}]}]}'),
    [...containers, 0, 'env'],
    [A, { name: 'B', value: '3' }],
  ],
  'ports are matched by containerPort': [
    pod('{containers: [{name: api, ports: [{containerPort: 80, name: web}]}]}'),
    [...containers, 0, 'ports'],
    [{ containerPort: 80, name: 'web' }],
  ],
  'a list without a key is replaced': [
    pod('{containers: [{name: api, args: [c]}]}'),
    [...containers, 0, 'args'],
    ['c'],
  ],
  '$patch: delete removes an item': [
    pod('{containers: [{name: api, env: [{name: A, $patch: delete}]}]}'),
    [...containers, 0, 'env'],
    [B],
  ],
  '$patch: replace replaces a map': [
    pod('{containers: [{name: api, $patch: replace, image: x}]}'),
    [...containers, 0],
    { name: 'api', image: 'x' },
  ],
  '$patch: replace replaces a list': [
    pod('{containers: [{name: api, env: [{$patch: replace}, {name: C}]}]}'),
    [...containers, 0, 'env'],
    [{ name: 'C' }],
  ],
  '$patch: delete removes a map': [api('{template: {$patch: delete}}'), ['spec', 'template'], undefined],
  'nulls in what is added are left out': [
    api('{strategy: {type: Recreate, rollingUpdate: null}}'),
    ['spec', 'strategy'],
    { type: 'Recreate' },
  ],
};

describe("into Kubernetes' own kinds a patch is merged strategically", () => {
  it.each(Object.entries(merges))('%s', async (_name, [patch, path, expected]) => {
    const { objects } = await patched(patch);
    expect(valueAt(objects[0]?.object ?? null, path)).toEqual(expected);
  });
});

it('into a custom resource a patch is merged as JSON', async () => {
  const { objects } = await patched(
    '- {kind: Route, metadata: {name: r}, spec: {containers: [{name: c}]}}',
    route,
  );
  expect(objects[0]?.object['spec']).toEqual({ containers: [{ name: 'c' }], host: 'h' });
});

it("the destination's patches come after the formation's", async () => {
  const { objects } = await patched(api('{replicas: 3, paused: true}'), deployment, api('{replicas: 4}'));
  expect(objects[0]?.object['spec']).toMatchObject({ replicas: 4, paused: true });
});

it('an unquoted placeholder in a patch in block style is typed', async () => {
  const block = '- kind: Deployment\n  metadata: {name: api}\n  spec:\n    replicas: ${config.n}';
  expect((await patched(block)).objects[0]?.object['spec']).toMatchObject({ replicas: 6 });
});

it('what a patch sets was written in the patch, all else where it was', async () => {
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
      'patch-invalid formations/staging.yaml:9:108: an item of "spec.template.spec.containers" lacks "name", by which items are told apart; add it, or begin the list with "- $patch: replace"',
    ],
    [
      'with a directive that we do not know',
      api('{$retainKeys: [a]}'),
      'patch-invalid formations/staging.yaml:9:77: "$retainKeys" is no directive that a patch can have here; write $patch with merge, replace or delete',
    ],
    [
      'with an unknown word',
      api('{replicas: "${config.m}"}'),
      'word-unvalued formations/staging.yaml:9:88: "config.m" has no value for main.staging; did you mean "config.n"?',
    ],
  ])('%s', async (_name, patch, expected) => {
    expect(await problemsOf(() => patched(patch))).toEqual([expected]);
  });
});
