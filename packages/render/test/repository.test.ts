import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRepository } from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { config, configMap, type Files, problemsOf, shop, shopFiles } from './support/shop.ts';

const formation = (name: string): string => shopFiles[`formations/${name}.yaml`] ?? '';

describe('readRepository', () => {
  it('finds everything beside slipway.yaml, in a folder of the workspace', async () => {
    const moved = Object.entries(shopFiles).map(([path, text]) => [`apps/shop/${path}`, text]);
    const workspace = folderWith({ ...Object.fromEntries(moved), 'stencils/other.yaml': 'not: ours' });
    const repository = await readRepository({ workspace, application: 'apps/shop/slipway.yaml' });
    expect(repository.directory).toBe('apps/shop');
    expect([...repository.formations.keys()]).toEqual(['production', 'staging']);
    expect(repository.stencils.map(({ path }) => path)).toEqual(['apps/shop/stencils/config.yaml']);
  });

  it('accepts an absolute path in the workspace and a folder that links to another in it', async () => {
    const { 'stencils/config.yaml': stencil = '', ...others } = shopFiles;
    const workspace = folderWith({ ...others, 'shared/config.yaml': stencil });
    symlinkSync('shared', join(workspace, 'stencils'));
    const repository = await readRepository({ workspace, application: join(workspace, 'slipway.yaml') });
    expect(repository.stencils.map(({ path }) => path)).toEqual(['stencils/config.yaml']);
  });

  it('leaves out hidden files and files that are not manifests, and reads folders below stencils', async () => {
    const repository = await shop({
      'stencils/README.md': '# not: yaml: at all',
      'stencils/sub/b.yml': configMap('b: x', 'b'),
    });
    expect(repository.stencils.map(({ path }) => path)).toEqual([
      'stencils/config.yaml',
      'stencils/sub/b.yml',
    ]);
    const workspace = folderWith({ ...shopFiles, 'stencils/.hidden.yaml': '[' });
    expect((await readRepository({ workspace, application: 'slipway.yaml' })).stencils).toHaveLength(1);
  });

  it('returns the items of a List, also of a List in a List, with their positions', async () => {
    const list = (items: string): string => `kind: List\napiVersion: v1\nitems:\n${items}`;
    const repository = await shop({
      'policies/a.yaml': list('  - {kind: List, items: [{kind: A}]}\n  - kind: B\n    spec: 1\n'),
      'stencils/crds.yaml': list(
        '  - {kind: CustomResourceDefinition, metadata: {name: a}}\n  - {kind: C}\n',
      ),
    });
    expect(repository.policies.map(({ value }) => value)).toEqual([{ kind: 'A' }, { kind: 'B', spec: 1 }]);
    expect(repository.policies[1]?.positionOf(['spec'])).toMatchObject({ line: 6, column: 11 });
    expect(repository.crds.map(({ value }) => value)).toEqual([
      { kind: 'CustomResourceDefinition', metadata: { name: 'a' } },
    ]);
  });

  it('returns policies and the definitions of custom resources', async () => {
    const definition =
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n';
    const repository = await shop({
      'policies/a.yaml': 'kind: A\n---\nkind: B\n',
      'stencils/crd.yaml': definition,
    });
    expect(repository.policies.map(({ value }) => value)).toEqual([{ kind: 'A' }, { kind: 'B' }]);
    expect(repository.crds.map(({ path }) => path)).toEqual(['stencils/crd.yaml']);
  });
});

const cases: Record<string, [changes: Files, expected: string[]]> = {
  'a file that is not YAML': [
    { 'stencils/config.yaml': 'a: [1\n' },
    [
      'yaml-syntax stencils/config.yaml:2:1: a quoted text, "[" or "{" before this line is not closed; close it, or indent the line as part of it',
    ],
  ],
  "a formation with production's name in staging's file": [
    { 'formations/staging.yaml': formation('staging').replace('name: staging', 'name: production') },
    [
      'format-name-mismatch formations/staging.yaml:4:18: the formation in "formations/staging.yaml" calls itself "production"; set metadata.name to "staging" or rename the file to "production.yaml"',
    ],
  ],
  'two files for one formation': [
    { 'formations/staging.yml': formation('staging') },
    [
      'name-duplicate formations/staging.yml:4:18: the formation "staging" is already defined in another file (formations/staging.yaml:2:1); remove one of them',
    ],
  ],
  'an unknown field': [
    { 'formations/staging.yaml': `${formation('staging')}  wavs: []\n` },
    ['format-unknown-field formations/staging.yaml:8:3: unknown field "wavs"; did you mean "waves"?'],
  ],
  'a formation with two documents': [
    { 'formations/staging.yaml': `${formation('staging')}---\nkind: Formation\n` },
    [
      'yaml-documents formations/staging.yaml:9:1: the file contains a second document; keep one document in the file',
    ],
  ],
  'a duplicate key in a stencil': [
    { 'stencils/config.yaml': `${configMap('a: x')}kind: Secret\n` },
    [
      'key-duplicate stencils/config.yaml:7:1: the key "kind" appears twice in this map (first at stencils/config.yaml:2:1); remove one of them',
    ],
  ],
  'a file of the config that is something else': [
    { 'config/a.yaml': config('"*.*.a": 1').replace('kind: Config', 'kind: Konfig') },
    ['format-invalid config/a.yaml:2:7: "kind" must be "Config"; undefined'],
  ],
  'all of it at once': [
    {
      'stencils/config.yaml': 'a: [1\n',
      'formations/staging.yaml': 'kind: [\n',
      'slipway.yaml': 'kind: Application\n',
      'policies/a.yaml': 'a: *b\n',
    },
    expect.arrayContaining([
      expect.stringMatching(/^yaml-syntax stencils\/config\.yaml/),
      expect.stringMatching(/^yaml-syntax formations\/staging\.yaml/),
      expect.stringMatching(/^format-invalid slipway\.yaml.*lacks "metadata"/),
      expect.stringMatching(/^yaml-alias policies\/a\.yaml/),
    ]) as never,
  ],
};

describe('a repository is refused with', () => {
  it.each(Object.entries(cases))('%s', async (_name, [changes, expected]) => {
    expect(await problemsOf(() => shop(changes))).toEqual(expected);
  });
});

describe('nothing outside the workspace is read', () => {
  const outside = 'points out of the folder that it belongs to; put the file itself into the repository';

  it.each([
    ['../slipway.yaml', 'file-outside: "../slipway.yaml"'],
    ['/etc/passwd', 'file-outside: "../'],
    ['a/../../slipway.yaml', 'file-outside: "../slipway.yaml"'],
  ])('by the path %s', async (application, expected) => {
    const workspace = folderWith(shopFiles);
    const [problem] = await problemsOf(() => readRepository({ workspace, application }));
    expect(problem).toContain(expected);
    expect(problem).toContain(outside);
  });

  it('by a link to a file', async () => {
    const elsewhere = folderWith({ 'x.yaml': 'secret: content' });
    const workspace = folderWith(shopFiles);
    symlinkSync(join(elsewhere, 'x.yaml'), join(workspace, 'stencils/x.yaml'));
    expect(await problemsOf(() => readRepository({ workspace, application: 'slipway.yaml' }))).toEqual([
      `file-outside: "stencils/x.yaml" ${outside}`,
    ]);
  });

  it('by a link to a folder', async () => {
    const elsewhere = folderWith({ 'x.yaml': 'secret: content' });
    const workspace = folderWith(shopFiles);
    symlinkSync(elsewhere, join(workspace, 'config'));
    expect(await problemsOf(() => readRepository({ workspace, application: 'slipway.yaml' }))).toEqual([
      `file-outside: "config" ${outside}`,
    ]);
  });
});

it('circular links end, and are reported where a file is expected', async () => {
  const workspace = folderWith(shopFiles);
  symlinkSync('../stencils', join(workspace, 'stencils/again'));
  symlinkSync('loop.yaml', join(workspace, 'loop.yaml'));
  expect((await readRepository({ workspace, application: 'slipway.yaml' })).stencils).toHaveLength(1);
  expect(await problemsOf(() => readRepository({ workspace, application: 'loop.yaml' }))).toEqual([
    'file-unreadable: "loop.yaml" cannot be read; check what it is and its permissions',
  ]);
});

it('a missing file and a folder in place of a file are reported', async () => {
  const workspace = folderWith(shopFiles);
  expect(await problemsOf(() => readRepository({ workspace, application: 'apps/slipway.yaml' }))).toEqual([
    'file-missing: the file "apps/slipway.yaml" does not exist in the workspace; fix the path, or check out the repository in an earlier step',
  ]);
  mkdirSync(join(workspace, 'config/a.yaml'), { recursive: true });
  writeFileSync(join(workspace, 'config/a.yaml/b.txt'), '');
  mkdirSync(join(workspace, 'folder.yaml'));
  expect(await problemsOf(() => readRepository({ workspace, application: 'folder.yaml' }))).toEqual([
    'file-unreadable: "folder.yaml" is not a regular file; replace it with one',
    'file-unreadable: "config/a.yaml" is not a regular file; replace it with one',
  ]);
});
