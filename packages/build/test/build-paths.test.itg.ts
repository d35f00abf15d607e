import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findBuildPaths } from '@slipway/build';

let root: string;
let workspace: string;
const folders = () => ({ directory: workspace, workspace });

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-paths-')));
  workspace = join(root, 'workspace');
  mkdirSync(join(workspace, 'api'), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the files of a build', () => {
  it('are its context and the Dockerfile in it', async () => {
    writeFileSync(join(workspace, 'api/Dockerfile'), '');
    const [context, dockerfile] = [join(workspace, 'api'), join(workspace, 'api/Dockerfile')];
    expect(await findBuildPaths('api', { context: 'api' }, folders())).toEqual({
      context,
      dockerfile,
      contexts: {},
    });
  });

  it('may be beside the folder of slipway.yaml', async () => {
    writeFileSync(join(workspace, 'Dockerfile'), '');
    mkdirSync(join(workspace, 'deploy'));
    const directory = join(workspace, 'deploy');
    const build = { context: '..', contexts: { files: '../api' } };
    expect(await findBuildPaths('api', build, { directory, workspace })).toEqual({
      context: workspace,
      dockerfile: join(workspace, 'Dockerfile'),
      contexts: { files: join(workspace, 'api') },
    });
  });

  it('are further folders by their names', async () => {
    writeFileSync(join(workspace, 'api/Dockerfile'), '');
    mkdirSync(join(workspace, 'shared'));
    const build = { context: 'api', contexts: { files: 'shared' } };
    expect((await findBuildPaths('api', build, folders())).contexts).toEqual({
      files: join(workspace, 'shared'),
    });
    symlinkSync(root, join(workspace, 'out'));
    for (const [folder, code] of [
      ['none', 'build-context-missing'],
      ['out', 'build-path-outside'],
    ] as const)
      await expect(
        findBuildPaths('api', { context: 'api', contexts: { files: folder } }, folders()),
      ).rejects.toMatchObject({ code });
  });

  it.each([
    ['build-context-missing', { context: 'web' }, '"web"'],
    ['dockerfile-missing', { context: 'api' }, '"api/Dockerfile"'],
    ['dockerfile-missing', { context: 'api', dockerfile: 'other' }, '"api/other"'],
  ])('that are not there are %s', async (code, build, path) => {
    const message = expect.stringContaining(path);
    await expect(findBuildPaths('api', build, folders())).rejects.toMatchObject({ code, message });
  });

  it('must be in the workspace', async () => {
    writeFileSync(join(root, 'Dockerfile'), '');
    symlinkSync(join(root, 'Dockerfile'), join(workspace, 'api/Dockerfile'));
    symlinkSync(root, join(workspace, 'out'));
    for (const context of ['api', 'out', '..', 'api/../..', '../..'])
      await expect(findBuildPaths('api', { context }, folders())).rejects.toMatchObject({
        code: 'build-path-outside',
      });
  });
});
