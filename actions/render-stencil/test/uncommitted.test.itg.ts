import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type FakeRunner, fakeRunner, inputsOf } from '@slipway/github/testing';
import { readRenderedTree } from '@slipway/render';
import { commit, exec, type Files, git, repository, scratch, write } from '@slipway/testkit/git';
import { readInputs, run } from '../src/run.ts';

const formation = (name: string, more = ''): string =>
  `apiVersion: slipway.dev/v1\nkind: Formation\nmetadata: { name: ${name} }\nspec:\n${more}  destinations: { main: { namespace: ${name} } }\n`;

const configMap = (text: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\ndata: { text: ${text} }\n`;

const SHOP: Files = {
  '.gitignore': 'node_modules\nignored.yaml\n.env\n',
  'shop/slipway.yaml':
    'apiVersion: slipway.dev/v1\nkind: Application\nmetadata: { name: shop }\nspec:\n  registry: registry.example/shop\n  paths: [../platform]\n  services: { api: { image: docker.io/library/api:1 } }\n',
  'shop/formations/staging.yaml': formation('staging'),
  'shop/formations/charts.yaml': formation(
    'charts',
    '  kubernetes: "1.34"\n  sources: { web: { helm: { chart: ../charts/web } } }\n',
  ),
  'shop/stencils/settings.yaml': configMap('old'),
  'shop/config/shop.yaml': 'apiVersion: slipway.dev/v1\nkind: Config\nspec: { values: {} }\n',
  'platform/stencils/limits.yaml': configMap('limits').replace('settings', 'limits'),
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
};

interface Rendered {
  readonly revision: string | undefined;
  readonly shared: Readonly<Record<string, string>> | undefined;
  readonly log: readonly string[];
}

async function render(workspace: string, application = 'shop/slipway.yaml'): Promise<Rendered> {
  const runner: FakeRunner = fakeRunner({
    workspace,
    temporaryDirectory: scratch(),
    exec,
    environment: { PATH: process.env['PATH'] },
  });
  await run(inputsOf(readInputs, { application, formation: 'staging' }), runner);
  const [tree] = await readRenderedTree(runner.outputs['manifests'] ?? '');
  return {
    revision: tree?.rendered.configRevision,
    shared: tree?.rendered.sharedRevisions,
    log: runner.log.filter(line => line.startsWith('warning: The commit that is checked out')),
  };
}

describe('a tree names the commit that is checked out', () => {
  it('where all that is rendered is part of it, whatever else a step writes', async () => {
    const workspace = repository(SHOP);
    const head = git(workspace, 'rev-parse', 'HEAD');
    write(workspace, {
      'node_modules/left/index.js': 'x',
      '.env': 'TOKEN=x',
      'shop/README.md': 'changed',
      'shop/stencils/notes.txt': 'not a manifest',
      'shop/policies/fetched.yaml': configMap('rule'),
      'shop/dist/out.yaml': configMap('built'),
    });
    expect(await render(workspace)).toEqual({ revision: head, shared: undefined, log: [] });
    expect((await render(workspace, join(workspace, 'shop/slipway.yaml'))).revision).toBe(head);
  });

  it.each<[string, Files, string]>([
    [
      'a stencil that a step wrote',
      { 'shop/stencils/generated.yaml': configMap('new').replace('settings', 'generated') },
      'shop/stencils/generated.yaml',
    ],
    [
      'a stencil that Git ignores',
      { 'shop/stencils/ignored.yaml': configMap('new').replace('settings', 'ignored') },
      'shop/stencils/ignored.yaml',
    ],
    ['a stencil that a step changed', { 'shop/stencils/settings.yaml': configMap('new') }, 'settings.yaml'],
    ['a stencil that a step deleted', { 'shop/stencils/settings.yaml': undefined }, 'settings.yaml'],
    [
      'a value that a step changed',
      {
        'shop/config/shop.yaml':
          'apiVersion: slipway.dev/v1\nkind: Config\nspec: { values: { "*.*.a": b } }\n',
      },
      'shop/config/shop.yaml',
    ],
    [
      'a shared folder that a step changed',
      { 'platform/stencils/limits.yaml': configMap('more').replace('settings', 'limits') },
      'platform/stencils/limits.yaml',
    ],
    [
      'a dependency that a step put into a chart',
      { 'charts/web/charts/redis.tgz': 'packed' },
      'charts/web/charts/redis.tgz',
    ],
  ])('but not with %s, and the log says so', async (_name, changes, named) => {
    const workspace = repository(SHOP);
    write(workspace, changes);
    const { revision, log } = await render(workspace);
    expect(revision).toBeUndefined();
    expect(log).toEqual([expect.stringContaining(named)]);
  });

  it('but not behind a link to a file that Git does not have', async () => {
    const workspace = repository({ ...SHOP, 'shop/stencils/linked.yaml': { link: '../../made.yaml' } });
    write(workspace, { 'made.yaml': configMap('made').replace('settings', 'made') });
    expect((await render(workspace)).revision).toBeUndefined();
    const revision = commit(workspace, {});
    expect((await render(workspace)).revision).toBe(revision);
  });

  it('where a chart has a file in Git LFS that this checkout has as a pointer, until a step gets its content', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 12\n`;
    const workspace = repository({ ...SHOP, 'charts/web/logo.png': pointer });
    expect((await render(workspace)).revision).toBe(git(workspace, 'rev-parse', 'HEAD'));
    write(workspace, { 'charts/web/logo.png': 'the content\n' });
    expect((await render(workspace)).log).toEqual([expect.stringContaining('charts/web/logo.png')]);
  });

  it('where Git ends lines with CR and LF, until a step changes one of them', async () => {
    const workspace = repository({ ...SHOP, '.gitattributes': '* text eol=crlf\n' });
    git(workspace, 'rm', '--quiet', '--cached', '-r', '.');
    git(workspace, 'reset', '--quiet', '--hard');
    const stencil = readFileSync(join(workspace, 'shop/stencils/settings.yaml'), 'utf8');
    expect(stencil).toContain('\r\n');
    expect((await render(workspace)).revision).toBe(git(workspace, 'rev-parse', 'HEAD'));
    write(workspace, { 'shop/stencils/settings.yaml': stencil.replace('old', 'new') });
    expect((await render(workspace)).log).toEqual([expect.stringContaining('settings.yaml')]);
  });

  it('but not with a file that a step added, where another chart has a link out of the workspace', async () => {
    const workspace = repository({
      ...SHOP,
      'charts/web/docs': { link: '/usr/share' },
      'charts/api/Chart.yaml': 'apiVersion: v2\nname: api\nversion: 1.0.0\n',
      'shop/formations/more.yaml': formation(
        'more',
        '  kubernetes: "1.34"\n  sources: { api: { helm: { chart: ../charts/api } } }\n',
      ),
    });
    write(workspace, { 'charts/api/charts/redis.tgz': 'packed' });
    const { revision, log } = await render(workspace);
    expect(revision).toBeUndefined();
    expect(log).toEqual([expect.stringMatching(/charts\/api\/charts\/redis\.tgz.*charts\/web/)]);
  });

  const cloned = (folder: string, files: Files, own: Files = SHOP): { workspace: string; head: string } => {
    const workspace = repository({ ...own, '.gitignore': `/${folder}\n` });
    const other = repository(files);
    git(workspace, 'clone', '--quiet', other, folder);
    return { workspace, head: git(other, 'rev-parse', 'HEAD') };
  };

  it.each<[string, string, Files]>([
    ['the stencils', 'shop/stencils/vendor', { 'more.yaml': configMap('x').replace('settings', 'more') }],
    [
      'the stencils of a shared folder',
      'platform/stencils/vendor',
      { 'more.yaml': configMap('x').replace('settings', 'more') },
    ],
    [
      'the config',
      'shop/config/vendor',
      { 'more.yaml': 'apiVersion: slipway.dev/v1\nkind: Config\nspec: { values: {} }\n' },
    ],
    ['a chart', 'charts/web/charts/redis', { 'Chart.yaml': 'apiVersion: v2\nname: redis\nversion: 1.0.0\n' }],
  ])('but not with a second checkout inside %s', async (_name, folder, files) => {
    const { workspace } = cloned(folder, files);
    const { revision, log } = await render(workspace);
    expect(revision).toBeUndefined();
    expect(log).toEqual([expect.stringContaining(folder)]);
  });

  it.each<[string, Files]>([
    ['shop/config', { 'shop.yaml': 'apiVersion: slipway.dev/v1\nkind: Config\nspec: { values: {} }\n' }],
    ['platform/stencils', { 'limits.yaml': configMap('limits').replace('settings', 'limits') }],
  ])('and that of a second checkout which is %s', async (folder, files) => {
    const own = Object.fromEntries(Object.entries(SHOP).filter(([path]) => !path.startsWith(folder)));
    const { workspace, head } = cloned(folder, files, own);
    const { revision, shared } = await render(workspace);
    expect([revision, shared]).toEqual([git(workspace, 'rev-parse', 'HEAD'), { [folder]: head }]);
  });

  it('and those of second checkouts that have a chart, unless a step changed them', async () => {
    const { 'charts/web/Chart.yaml': chart, ...own } = SHOP;
    const workspace = repository({ ...own, '.gitignore': 'charts\n' });
    const charts = repository({ 'web/Chart.yaml': chart });
    git(workspace, 'clone', '--quiet', charts, 'charts');
    const revision = git(workspace, 'rev-parse', 'HEAD');
    const shared = { 'charts/web': git(charts, 'rev-parse', 'HEAD') };
    expect(await render(workspace)).toEqual({ revision, shared, log: [] });
    write(join(workspace, 'charts'), { 'web/values.yaml': 'a: b\n' });
    expect((await render(workspace)).revision).toBeUndefined();
  });
});
