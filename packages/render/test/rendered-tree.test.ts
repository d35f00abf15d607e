import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { combinedDigest } from '@slipway/core';
import {
  isRenderedTree,
  readRenderedTree,
  renderAll,
  selectTargets,
  writeRenderedTree,
} from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { config, configMap, type Files, problemsOf, secret, shop, snapshot } from './support/shop.ts';

const files: Files = {
  'stencils/config.yaml': `${configMap('a: ${config.a}\nbig: 9007199254740993\nscript: |\n  #!/bin/sh\n  echo ${destination}\n')}---\n${secret('data:\n  p: ${secret.password}')}`,
  'config/a.yaml': config('"*.*.a": "no"', '"*.*.password": {from: env, name: P}'),
};

async function write(output: string, formations: readonly string[] = []): Promise<void> {
  const repository = await shop(files);
  const targets = selectTargets(repository, formations, []);
  const { destinations } = await renderAll(repository, { targets, snapshot });
  await writeRenderedTree(output, destinations);
}

function allFiles(folder: string): Record<string, string> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(
    found.map(({ parentPath, name }) => [
      join(parentPath, name).slice(folder.length + 1),
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

let output: string;
beforeEach(async () => {
  output = join(folderWith({}), 'tree');
  await write(output);
});

describe('a rendered tree', () => {
  it('has a folder for each destination, with manifests as kubectl reads them', () => {
    const written = allFiles(output);
    expect(
      Object.keys(written)
        .filter(path => path.startsWith('production/eu'))
        .sort(),
    ).toEqual([
      'production/eu/manifests/config.yaml',
      'production/eu/rendered.json',
      'production/eu/source-map.json',
    ]);
    expect(written['production/eu/manifests/config.yaml']).toBe(
      [
        'apiVersion: v1',
        'kind: ConfigMap',
        'metadata:',
        '  name: config',
        '  namespace: shop',
        'data:',
        '  a: "no"',
        '  big: 9007199254740993',
        '  script: |',
        '    #!/bin/sh',
        '    echo eu',
        '---',
        'apiVersion: v1',
        'kind: Secret',
        'metadata:',
        '  name: secret',
        '  namespace: shop',
        'data:',
        `  p: ${Buffer.from('slipway-sealed(password)').toString('base64')}`,
        '',
      ].join('\n'),
    );
  });

  it('is read back as it was rendered, whole, by formation and by destination', async () => {
    const repository = await shop(files);
    const { destinations } = await renderAll(repository, {
      targets: selectTargets(repository, [], []),
      snapshot,
    });
    const back = await readRenderedTree(output);
    expect(back.map(({ rendered }) => rendered)).toEqual(destinations.map(({ rendered }) => rendered));
    expect(back.map(({ objects }) => objects.map(({ object }) => object))).toEqual(
      destinations.map(({ objects }) => objects.map(({ object }) => object)),
    );
    expect(back[0]?.objects[0]?.positionAt('/data/a')).toEqual(
      destinations[0]?.objects[0]?.positionAt('/data/a'),
    );
    expect(combinedDigest(back.map(({ rendered }) => rendered))).toMatch(/^sha256:/);
    expect(await readRenderedTree(join(output, 'production'))).toHaveLength(2);
    expect((await readRenderedTree(join(output, 'production/eu')))[0]?.directory).toBe(
      join(output, 'production/eu'),
    );
  });

  it('is the same bytes when it is rendered again', async () => {
    const before = allFiles(output);
    await write(output);
    expect(allFiles(output)).toEqual(before);
  });

  it('replaces only the folders that are rendered again', async () => {
    writeFileSync(join(output, 'staging/main/report.json'), '{}');
    writeFileSync(join(output, 'production/eu/report.json'), '{}');
    await write(output, ['production']);
    expect(existsSync(join(output, 'staging/main/report.json'))).toBe(true);
    expect(existsSync(join(output, 'production/eu/report.json'))).toBe(false);
    expect(readdirSync(join(output, 'production'))).toEqual(['eu', 'us']);
  });
});

describe('a rendered tree is refused', () => {
  const manifest = 'staging/main/manifests/config.yaml';
  const edit = (path: string, change: (text: string) => string): void =>
    writeFileSync(join(output, path), change(readFileSync(join(output, path), 'utf8')));

  const changes: Record<string, [change: () => void, code: RegExp]> = {
    'when a manifest was changed': [
      () => edit(manifest, text => text.replace('"no"', '"yes"')),
      /^rendered-changed: ".*staging\/main" was changed after it was rendered; change the stencil/,
    ],
    'when an object was added to a manifest': [
      () => appendFileSync(join(output, manifest), `---\n${configMap('x: y', 'x')}`),
      /^rendered-changed: /,
    ],
    'when a manifest was added': [
      () => writeFileSync(join(output, 'staging/main/manifests/more.yaml'), configMap('x: y')),
      /^rendered-changed: ".*more\.yaml" was added after rendering/,
    ],
    'when a manifest was removed': [
      () => rmSync(join(output, manifest)),
      /^rendered-changed: ".*config\.yaml" was removed/,
    ],
    'when a manifest is no longer an object': [
      () => writeFileSync(join(output, manifest), 'x'),
      /^rendered-changed: /,
    ],
    'when it is not YAML any more': [() => writeFileSync(join(output, manifest), '['), /^yaml-syntax/],
    'when a seal was removed': [
      () => edit('staging/main/rendered.json', text => JSON.stringify({ ...JSON.parse(text), seals: [] })),
      /^rendered-changed: /,
    ],
    'when its namespace was changed': [
      () => edit('staging/main/rendered.json', text => text.replace('shop-staging', 'other')),
      /^rendered-changed: /,
    ],
    'when its source map points at a file outside of the repository': [
      () =>
        edit('staging/main/source-map.json', text =>
          text.replace('stencils/config.yaml', '../../etc/passwd'),
        ),
      /^format-invalid .*source-map\.json/,
    ],
    'when its source map points at a file by its absolute path': [
      () => edit('staging/main/source-map.json', text => text.replace('stencils/config.yaml', '/etc/passwd')),
      /^format-invalid .*source-map\.json/,
    ],
    'when rendered.json is not JSON': [
      () => edit('staging/main/rendered.json', () => '{'),
      /^format-not-json/,
    ],
    'when a manifest became a link out of the tree': [
      () => {
        rmSync(join(output, manifest));
        symlinkSync('/etc/hostname', join(output, manifest));
      },
      /^file-outside: /,
    ],
  };

  it.each(Object.entries(changes))('%s', async (_name, [change, code]) => {
    change();
    expect(await problemsOf(() => readRenderedTree(output))).toEqual([expect.stringMatching(code)]);
  });

  it('when a file outside is named', async () => {
    edit('staging/main/rendered.json', text => text.replace('manifests/config.yaml', '../x.yaml'));
    expect((await problemsOf(() => readRenderedTree(output)))[0]).toMatch(/^format-invalid/);
  });

  it('but not when only white space and comments of a manifest differ', async () => {
    edit(manifest, text => `# committed by a robot\n${text.replace('data:', 'data:   # here')}`);
    expect(await readRenderedTree(output)).toHaveLength(3);
  });

  it('where there is none', async () => {
    const empty = folderWith({ 'a.yaml': configMap('a: b') });
    expect(await isRenderedTree(empty)).toBe(false);
    expect(await isRenderedTree(output)).toBe(true);
    expect(await problemsOf(() => readRenderedTree(join(empty, 'none')))).toEqual([
      expect.stringMatching(/^rendered-missing: ".*none" does not contain a rendered tree; use the folder/),
    ]);
  });
});

describe('a folder that is there', () => {
  it('may be written by several runs at once', async () => {
    const tree = folderWith({});
    await Promise.all(Array.from({ length: 12 }, () => write(tree)));
    expect(readdirSync(join(tree, 'production')).toSorted()).toEqual(['eu', 'us']);
  });
});

describe('a folder is not replaced', () => {
  it('that contains something else', async () => {
    const foreign = join(folderWith({ 'tree/staging/main/precious.txt': 'mine' }), 'tree');
    expect(await problemsOf(() => write(foreign))).toEqual([
      expect.stringMatching(
        /^output-foreign: ".*staging\/main" contains something other than a rendered destination, so it is not replaced; choose another output folder/,
      ),
    ]);
    expect(allFiles(foreign)).toEqual({ 'staging/main/precious.txt': 'mine' });
  });

  it('that is below a file', async () => {
    const tree = join(folderWith({ file: '' }), 'file');
    expect(await problemsOf(() => write(tree))).toEqual([
      expect.stringMatching(/^output-unwritable: ".*" cannot be written \(ENOTDIR\); choose/),
    ]);
  });

  it.each(['staging', 'staging/main'])('that is a link at %s', async path => {
    const elsewhere = folderWith({});
    const tree = folderWith({ 'production/.keep': '' });
    mkdirSync(join(tree, path, '..'), { recursive: true });
    symlinkSync(elsewhere, join(tree, path));
    expect(await problemsOf(() => write(tree))).toEqual([
      expect.stringMatching(/^output-foreign: .* is not a folder/),
    ]);
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
