import { describe, expect, it } from '@jest/globals';
import { config, configMap, problemsOf, rendered, secret } from './support/shop.ts';

const secrets = {
  'config/a.yaml': config('"*.*.user": root', '"*.*.password": {from: env, name: PASSWORD}'),
};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

async function renderSecret(fields: string, more: Record<string, string> = {}) {
  const { objects, rendered: of } = await rendered({
    ...secrets,
    'stencils/config.yaml': secret(fields),
    ...more,
  });
  return { object: objects[0]?.object, seals: of.seals };
}

const sealed = {
  file: 'manifests/config.yaml',
  document: 0,
  object: { apiVersion: 'v1', kind: 'Secret', namespace: 'shop-staging', name: 'secret' },
};

describe('a secret is sealed', () => {
  it('in stringData, as the whole text', async () => {
    const { object, seals } = await renderSecret('stringData:\n  password: ${secret.password}');
    expect(object?.['stringData']).toEqual({ password: 'slipway-sealed(password)' });
    expect(seals).toEqual([
      {
        ...sealed,
        pointer: '/stringData/password',
        standIn: 'slipway-sealed(password)',
        word: 'password',
        placement: 'stringData',
      },
    ]);
  });

  it('in data, whose text is encoded once', async () => {
    const { object, seals } = await renderSecret(
      'data:\n  url: "db://${config.user}:${secret.password}@db"\n  raw: aGVsbG8=',
    );
    expect(object?.['data']).toEqual({
      url: base64('db://root:slipway-sealed(password)@db'),
      raw: 'aGVsbG8=',
    });
    expect(seals).toEqual([
      expect.objectContaining({
        pointer: '/data/url',
        standIn: 'slipway-sealed(password)',
        placement: 'data',
      }),
    ]);
  });

  it('beside text that looks like its stand-in, which remains text', async () => {
    const { object, seals } = await renderSecret(
      'stringData:\n  a: "slipway-sealed(password) ${secret.password}"\n  b: slipway-sealed(password)',
    );
    expect(object?.['stringData']).toEqual({
      a: 'slipway-sealed(password) slipway-sealed(password,1)',
      b: 'slipway-sealed(password)',
    });
    expect(seals).toEqual([
      expect.objectContaining({ pointer: '/stringData/a', standIn: 'slipway-sealed(password,1)' }),
    ]);
  });

  it('in a List', async () => {
    const list =
      'apiVersion: v1\nkind: List\nitems:\n  - apiVersion: v1\n    kind: Secret\n    metadata: {name: a}\n    stringData:\n      x: ${secret.password}\n';
    const { objects, rendered: of } = await rendered({ ...secrets, 'stencils/config.yaml': list });
    expect(objects.map(({ object }) => object.kind)).toEqual(['Secret']);
    expect(of.seals).toEqual([expect.objectContaining({ document: 0, pointer: '/stringData/x' })]);
  });

  it('in a patch', async () => {
    const formation =
      'apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: {name: staging}\nspec:\n  destinations: {main: {namespace: shop-staging}}\n  patches:\n    - {kind: Secret, metadata: {name: secret}, data: {x: "${secret.password}"}}\n';
    const { object, seals } = await renderSecret('data: {}', { 'formations/staging.yaml': formation });
    expect(object?.['data']).toEqual({ x: base64('slipway-sealed(password)') });
    expect(seals).toHaveLength(1);
  });

  it('with ~ and / in its key escaped in the pointer', async () => {
    const { seals } = await renderSecret('stringData:\n  "a/b~c": ${secret.password}');
    expect(seals[0]?.pointer).toBe('/stringData/a~1b~0c');
  });
});

it('a value in data of a Secret is encoded, one in data of a ConfigMap is not', async () => {
  expect((await renderSecret('data:\n  user: ${config.user}')).object?.['data']).toEqual({
    user: base64('root'),
  });
  const { objects } = await rendered({
    ...secrets,
    'stencils/config.yaml': configMap('user: ${config.user}'),
  });
  expect(objects[0]?.object['data']).toEqual({ user: 'root' });
});

describe('a secret is refused', () => {
  const misplaced =
    'the secret "password" is not in data or stringData of a v1 Secret in namespace "shop-staging"; put it into a Secret and refer to that Secret';
  it.each([
    ['in a ConfigMap', configMap('a: ${secret.password}'), '6:6'],
    ['in a label of a Secret', secret('  labels: {a: "${secret.password}"}'), '5:16'],
    ['in the type of a Secret', secret('type: x-${secret.password}'), '5:9'],
    ['deeper in data', secret('data:\n  a: ["${secret.password}"]'), '6:8'],
    [
      'in a Secret of another namespace',
      secret('  namespace: other\nstringData:\n  a: ${secret.password}'),
      '7:6',
    ],
    [
      "in another group's Secret",
      secret('data:\n  a: ${secret.password}').replace('v1', 'example.com/v1'),
      '6:6',
    ],
  ])('%s', async (_name, stencil, at) => {
    expect(await problemsOf(() => rendered({ ...secrets, 'stencils/config.yaml': stencil }))).toEqual([
      `secret-misplaced stencils/config.yaml:${at}: ${misplaced}`,
    ]);
  });
});

describe('a patch cannot take a secret out of its Secret', () => {
  const patched = (...patches: string[]): Record<string, string> => ({
    ...secrets,
    'stencils/config.yaml': secret('stringData:\n  a: ${secret.password}'),
    'formations/staging.yaml': `apiVersion: slipway.dev/v1
kind: Formation
metadata: {name: staging}
spec:
  destinations: {main: {namespace: shop-staging}}
  patches:
${patches.map(patch => `    - ${patch}\n`).join('')}`,
  });
  const json = (...operations: string[]): string =>
    `{target: {kind: Secret, name: secret}, json6902: [${operations.join(', ')}]}`;

  it.each([
    [
      'by moving it into an annotation',
      json(
        '{op: add, path: /metadata/annotations, value: {}}',
        '{op: move, from: /stringData/a, path: /metadata/annotations/a}',
      ),
    ],
    ['by copying it to another field', json('{op: copy, from: /stringData/a, path: /immutable}')],
    ['by copying all of them', json('{op: copy, from: /stringData, path: /spec}')],
    ['by giving the Secret another kind', json('{op: replace, path: /kind, value: ConfigMap}')],
    ['by giving the Secret another group', json('{op: replace, path: /apiVersion, value: example.com/v1}')],
    ['by giving the Secret another namespace', json('{op: add, path: /metadata/namespace, value: other}')],
    [
      'by writing it elsewhere itself',
      '{kind: Secret, metadata: {name: secret, labels: {a: "${secret.password}"}}}',
    ],
  ])('%s', async (_name, patch) => {
    const problems = await problemsOf(() => rendered(patched(patch)));
    expect(problems.join('\n')).toMatch(/^secret-misplaced /m);
  });

  it('but may be moved within it', async () => {
    const files = patched(json('{op: move, from: /stringData/a, path: /stringData/b}'));
    const { rendered: of } = await rendered(files);
    expect(of.seals).toEqual([expect.objectContaining({ pointer: '/stringData/b' })]);
  });
});
