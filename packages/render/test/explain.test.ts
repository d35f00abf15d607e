import { describe, expect, it } from '@jest/globals';
import { formatPosition } from '@slipway/core';
import { explainLines, render } from '../src/index.ts';
import { config, problemsOf, secret, shop, shopFiles } from './support/shop.ts';

const stencil = `# The api.
apiVersion: v1
kind: ConfigMap
metadata:
  name: config
data:
  host: "\${config.host}:\${config.port}"
  list:
    - one
    - {a: 1, b: "\${config.port}"}
  script: |
    first
    second
  all: \${config.map}
`;

const files = {
  'stencils/config.yaml': stencil,
  'formations/staging.yaml': `${shopFiles['formations/staging.yaml']}  patches:
    - kind: ConfigMap
      metadata: {name: config}
      data:
        added: "\${config.port}"
`,
  'config/a.yaml': config('"*.*": {port: 5432, map: {x: 1}}\n"*.staging.host": db'),
};

/** `pointer <- decider position <- address position` of each part on the line that has this text. */
async function explained(text: string, changes: Record<string, string> = files): Promise<string[]> {
  const repository = await shop(changes);
  const destination = render(repository, { formation: 'staging', destination: 'main' });
  const manifest = destination.manifests.get('manifests/config.yaml') ?? '';
  const number = manifest.split('\n').indexOf(text) + 1;
  expect(number).toBeGreaterThan(0);
  const line = `staging/main/manifests/config.yaml:${number}`;
  const [found] = explainLines([line], () => repository, [destination], '/out');
  expect(found?.text).toBe(text.trim());
  return (found?.parts ?? []).map(({ pointer, by, at, filledBy }) =>
    [
      pointer,
      `${by} ${formatPosition(at)}`,
      ...filledBy.map(({ address, at: position }) => `${address} ${formatPosition(position)}`),
    ].join(' <- '),
  );
}

/** Without patches the manifest keeps the layout of the stencil. */
const unpatched = { ...files, 'formations/staging.yaml': shopFiles['formations/staging.yaml'] ?? '' };

describe('for a line of the result one can ask what decided', () => {
  it.each([
    ['a scalar of the stencil', 'kind: ConfigMap', ['/kind <- stencil stencils/config.yaml:3:1']],
    ['a key', 'data:', ['/data <- stencil stencils/config.yaml:6:1']],
    [
      'a value that two addresses fill',
      '  host: "db:5432"',
      [
        '/data/host <- stencil stencils/config.yaml:7:3 <- *.staging.host config/a.yaml:6:5 <- *.*.port config/a.yaml:5:13',
      ],
    ],
    ['an item', '    - one', ['/data/list/0 <- stencil stencils/config.yaml:9:7']],
    [
      'everything between braces',
      '    - {a: 1, b: "5432"}',
      [
        '/data/list/1 <- stencil stencils/config.yaml:10:7',
        '/data/list/1/a <- stencil stencils/config.yaml:10:8',
        '/data/list/1/b <- stencil stencils/config.yaml:10:14 <- *.*.port config/a.yaml:5:13',
      ],
    ],
    ['a later line of a text', '    second', ['/data/script <- stencil stencils/config.yaml:11:3']],
    [
      'a value that came with a map',
      '    x: 1',
      ['/data/all/x <- stencil stencils/config.yaml:14:8 <- *.*.map.x config/a.yaml:5:31'],
    ],
    [
      'the namespace',
      '  namespace: shop-staging',
      [
        '/metadata/namespace <- stencil stencils/config.yaml:5:3 <- destinations.main.namespace formations/staging.yaml:7:23',
      ],
    ],
  ])('%s', async (_name, text, expected) => {
    expect(await explained(text, unpatched)).toEqual(expected);
  });

  it('what a patch added', async () => {
    expect(await explained('  added: "5432"')).toEqual([
      '/data/added <- patch formations/staging.yaml:12:9 <- *.*.port config/a.yaml:5:13',
    ]);
  });

  it('the address of a secret, for a line that holds its seal', async () => {
    const repository = await shop({
      'stencils/config.yaml': secret('stringData:\n  password: "${secret.password}"'),
      'config/a.yaml': config('', '"*.*.password": {from: env, name: PASSWORD}'),
    });
    const destination = render(repository, { formation: 'staging', destination: 'main' });
    const path = 'manifests/config.yaml';
    const lines = (destination.manifests.get(path) ?? '').split('\n');
    const line = `staging/main/${path}:${lines.findIndex(text => text.includes('password:')) + 1}`;
    const [found] = explainLines([line], () => repository, [destination], '/out');
    expect(found?.parts.map(({ pointer, filledBy }) => [pointer, filledBy])).toEqual([
      [
        '/stringData/password',
        [{ address: '*.*.password', at: expect.objectContaining({ path: 'config/a.yaml', line: 5 }) }],
      ],
    ]);
  });

  it('of an absolute path in the output', async () => {
    const repository = await shop(unpatched);
    const destination = render(repository, { formation: 'staging', destination: 'main' });
    const lines = ['/out/staging/main/manifests/config.yaml:3'];
    expect(explainLines(lines, () => repository, [destination], '/out')[0]?.text).toBe('kind: ConfigMap');
  });

  it('reports all lines at once that the result does not have', async () => {
    const repository = await shop(unpatched);
    const destination = render(repository, { formation: 'staging', destination: 'main' });
    const ask = (...lines: string[]) => explainLines(lines, () => repository, [destination], '/out');
    const path = 'staging/main/manifests/config.yaml';
    expect(await problemsOf(() => ask(`${path}:1`, `${path}:999`, 'nope.yaml:1', path))).toEqual([
      `line-unknown: "${path}:1" has no key, item or value; name a line with a key, an item or a value; a comment has none`,
      `line-unknown: "${path}:999" has no key, item or value; name a line with a key, an item or a value; a comment has none`,
      `line-unknown: "nope.yaml:1" is not a line of a rendered manifest; write it like "${path}:1"`,
      `line-unknown: "${path}" is not a line of a rendered manifest; write it like "${path}:1"`,
    ]);
  });
});
