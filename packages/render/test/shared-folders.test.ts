import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  filesBelow,
  type Repository,
  readRepository,
  readRepositoryFrom,
  render,
  renderAll,
} from '../src/index.ts';
import { folderWith } from './support/folders.ts';
import { config, configMap, type Files, inMemory, problemsOf, shopFiles, staging } from './support/shop.ts';

const application = (...paths: readonly string[]): string =>
  `${shopFiles['slipway.yaml']}  paths: ${JSON.stringify(paths)}\n`;

const platform: Files = {
  'platform/stencils/probe.yaml': configMap('level: "${config.level}"', 'probe'),
  'platform/config/defaults.yaml': config('"*.*": {level: info, region: shared}'),
  'platform/policies/rules.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: rule}\n',
};

/** The shop with a second checkout beside it. */
async function sharing(changes: Files = {}, path = 'platform'): Promise<Repository> {
  const files = { ...shopFiles, ...platform, 'slipway.yaml': application(path), ...changes };
  return await readRepositoryFrom(inMemory(files), 'slipway.yaml');
}

/** The data of the object of that name. */
async function dataOf(name: string, changes: Files): Promise<unknown> {
  const { objects } = render(await sharing(changes), staging);
  return objects.find(({ object }) => object.metadata.name === name)?.object['data'];
}

describe('a shared folder', () => {
  it('adds its stencils, config and policies, with positions in its own files', async () => {
    const repository = await sharing();
    const { objects } = render(repository, staging);
    expect(repository.policies.map(({ path }) => path)).toEqual(['platform/policies/rules.yaml']);
    expect(objects.map(({ object, file }) => [object.metadata.name, file])).toEqual([
      ['config', 'manifests/config.yaml'],
      ['probe', 'manifests/probe.yaml'],
    ]);
    expect(objects[1]?.positionAt('/data/level')).toMatchObject({
      path: 'platform/stencils/probe.yaml',
      line: 6,
    });
    expect(objects[1]?.relatedTo('/data/level')).toEqual([
      { address: '*.*.level', at: expect.objectContaining({ path: 'platform/config/defaults.yaml' }) },
    ]);
  });

  it('is found from an application in a subfolder', async () => {
    const moved = Object.entries(shopFiles).map(([path, text]) => [`apps/shop/${path}`, text]);
    const workspace = folderWith({
      ...Object.fromEntries(moved),
      ...platform,
      'apps/shop/slipway.yaml': application('../../platform/'),
    });
    const repository = await readRepository({ workspace, application: 'apps/shop/slipway.yaml' });
    expect(repository.stencils.map(({ path }) => path)).toEqual([
      'apps/shop/stencils/config.yaml',
      'platform/stencils/probe.yaml',
    ]);
  });

  it('does not report names that are not declared here and values that are not used here', async () => {
    const repository = await sharing({
      'platform/config/other.yaml': config(
        '"*.somewhere.else": 1\n"mars.*.x": 1\n"*.*.nowhere": 1',
        '"*.*.unused": {from: env, name: X}',
      ),
    });
    expect((await renderAll(repository, { targets: [staging] })).warnings).toEqual([]);
  });

  it("is still reported for a value in the application's own config that no stencil uses", async () => {
    const repository = await sharing({ 'config/a.yaml': config('"*.*.unused": 1') });
    const { warnings } = await renderAll(repository, { targets: [staging] });
    expect(warnings.map(({ code, at }) => `${code} ${at?.path}`)).toEqual(['value-unused config/a.yaml']);
  });

  it("is read from another source if the application's files are those of another commit", async () => {
    const own = { ...shopFiles, 'slipway.yaml': application('platform') };
    const repository = await readRepositoryFrom(inMemory(own), 'slipway.yaml', inMemory(platform));
    expect(repository.stencils.map(({ path }) => path)).toContain('platform/stencils/probe.yaml');
  });
});

describe('an entry of the application', () => {
  const cases: Record<string, [values: string, level: string]> = {
    'replaces an entry of a shared folder at the same address': ['"*.*.level": debug', 'debug'],
    'wins over a shared address of equally many literal segments': ['"main.*.level": own', 'own'],
    'loses against a shared address of more': ['"*.*.level": own', 'exact'],
  };
  const shared: Record<string, string> = {
    'wins over a shared address of equally many literal segments': '"*.staging.level": shared',
    'loses against a shared address of more': '"main.staging.level": exact',
  };
  it.each(Object.entries(cases))('%s', async (name, [values, level]) => {
    const more = shared[name];
    const files = {
      'config/a.yaml': config(values),
      ...(more === undefined ? {} : { 'platform/config/more.yaml': config(more) }),
    };
    expect(await dataOf('probe', files)).toEqual({ level });
  });

  it('replaces a shared stencil of the same name', async () => {
    const files = { 'stencils/probe.yaml': configMap('mine: "yes"', 'probe') };
    expect(await dataOf('probe', files)).toEqual({ mine: 'yes' });
  });

  it('can select a shared stencil by its name', async () => {
    const formation = `${shopFiles['formations/staging.yaml']}  stencils: {exclude: ["name:probe"]}\n`;
    expect(await dataOf('probe', { 'formations/staging.yaml': formation })).toBeUndefined();
    expect(await dataOf('config', { 'formations/staging.yaml': formation })).toEqual({ plain: 'text' });
  });
});

const broken: Record<string, [changes: Files, expected: string[]]> = {
  'that is not checked out': [
    { 'slipway.yaml': application('platfrom') },
    [
      'shared-folder-invalid slipway.yaml:10:11: "platfrom" contains no stencils, config or policies; check out the shared repository before this step, or fix the path',
    ],
  ],
  'outside the workspace': [
    { 'slipway.yaml': application('../platform') },
    [
      'shared-folder-invalid slipway.yaml:10:11: "../platform" is outside the workspace; check out the shared repository into a folder of the workspace',
    ],
  ],
  "that is the application's own": [
    { 'slipway.yaml': application('./') },
    [
      'shared-folder-invalid slipway.yaml:10:11: "./" is the application\'s own folder; remove it: that folder is always read',
    ],
  ],
  twice: [
    { 'slipway.yaml': application('platform', 'x/../platform') },
    [
      'shared-folder-invalid slipway.yaml:10:22: "x/../platform" is the same folder as another path; remove one of them',
    ],
  ],
  'by an absolute path': [
    { 'slipway.yaml': application('/etc') },
    [
      expect.stringMatching(
        /^format-invalid slipway\.yaml:10:11: .*expected: a path relative/,
      ) as unknown as string,
    ],
  ],
  'with a stencil that another has too': [
    {
      'slipway.yaml': application('platform', 'team'),
      'team/stencils/probe.yaml': configMap('a: x', 'b'),
    },
    [
      'name-duplicate team/stencils/probe.yaml:1:1: two shared folders have a stencil named "probe" (the other is at platform/stencils/probe.yaml:1:1); rename one of them, or add a stencil with that name to your own stencils/',
    ],
  ],
  'with an address that another has too': [
    {
      'slipway.yaml': application('platform', 'team'),
      'team/config/a.yaml': config('"*.*.level": debug'),
    },
    [
      expect.stringMatching(
        /^address-duplicate team\/config\/a\.yaml:5:5: .*platform\/config/,
      ) as unknown as string,
    ],
  ],
  'whose word is a value there and a secret here': [
    { 'config/a.yaml': config('', '"*.*.level": {from: env, name: X}') },
    [expect.stringMatching(/^address-conflict config\/a\.yaml:5:5: .*platform\/config/) as unknown as string],
  ],
  'with a broken file': [
    { 'platform/config/a.yaml': 'kind: Config\napiVersion: slipway.dev/v1\nspec: {valves: {}}\n' },
    ['format-unknown-field platform/config/a.yaml:3:8: unknown field "valves"; did you mean "values"?'],
  ],
};

describe('an application cannot share a folder', () => {
  it.each(Object.entries(broken))('%s', async (_name, [changes, expected]) => {
    expect(await problemsOf(() => sharing(changes))).toEqual(expected);
  });

  it('that links out of the workspace', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'slipway-outside-'));
    const workspace = folderWith({
      ...shopFiles,
      'slipway.yaml': application('platform'),
      'platform/README': 'x',
    });
    symlinkSync(outside, join(workspace, 'platform', 'stencils'));
    const read = readRepositoryFrom(filesBelow(workspace), 'slipway.yaml');
    expect(await problemsOf(() => read)).toEqual([
      'file-outside: "platform/stencils" points out of the folder that it belongs to; put the file itself into the repository',
    ]);
    rmSync(outside, { recursive: true });
  });
});
