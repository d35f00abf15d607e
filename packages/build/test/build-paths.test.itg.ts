import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type BuildExec,
  completeHistory,
  findBuildPaths,
  readRevision,
  readSourceState,
} from '@slipway/build';

let root: string;
let workspace: string;
const places = () => ({ directory: workspace, workspace });

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
    expect(await findBuildPaths('api', { context: 'api' }, places())).toEqual({
      context,
      dockerfile,
      contexts: {},
    });
  });

  it('are further folders by their names', async () => {
    writeFileSync(join(workspace, 'api/Dockerfile'), '');
    mkdirSync(join(workspace, 'shared'));
    const build = { context: 'api', contexts: { files: 'shared' } };
    expect((await findBuildPaths('api', build, places())).contexts).toEqual({
      files: join(workspace, 'shared'),
    });
    symlinkSync(root, join(workspace, 'out'));
    for (const [folder, code] of [
      ['none', 'build-context-missing'],
      ['out', 'build-path-outside'],
    ] as const)
      await expect(
        findBuildPaths('api', { context: 'api', contexts: { files: folder } }, places()),
      ).rejects.toMatchObject({ code });
  });

  it.each([
    ['build-context-missing', { context: 'web' }, '"web"'],
    ['dockerfile-missing', { context: 'api' }, '"api/Dockerfile"'],
    ['dockerfile-missing', { context: 'api', dockerfile: 'other' }, '"api/other"'],
  ])('that are not there are %s', async (code, build, place) => {
    const message = expect.stringContaining(place);
    await expect(findBuildPaths('api', build, places())).rejects.toMatchObject({ code, message });
  });

  it('do not lie outside of the workspace', async () => {
    writeFileSync(join(root, 'Dockerfile'), '');
    symlinkSync(join(root, 'Dockerfile'), join(workspace, 'api/Dockerfile'));
    symlinkSync(root, join(workspace, 'out'));
    for (const context of ['api', 'out'])
      await expect(findBuildPaths('api', { context }, places())).rejects.toMatchObject({
        code: 'build-path-outside',
      });
  });
});

describe('the commit that last touched a folder', () => {
  const exec: BuildExec = async (command, args) => {
    const stdout = execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return { exitCode: 0, stdout, stderr: '' };
  };
  const git = (folder: string, ...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
      encoding: 'utf8',
    }).trim();
  const commit = (file: string, text: string): string => {
    writeFileSync(join(workspace, file), text);
    git(workspace, 'add', '-A');
    git(workspace, 'commit', '-q', '-m', text);
    return git(workspace, 'rev-parse', 'HEAD');
  };
  const stateOf = (folder = workspace) => readSourceState(exec, folder, [join(folder, 'api')]);

  beforeEach(() => void git(workspace, 'init', '-q'));

  it('stays while other folders change', async () => {
    const first = commit('api/app.txt', 'one');
    const second = commit('other.txt', 'two');
    const time = Number(git(workspace, 'show', '-s', '--format=%ct', first));
    expect(await stateOf()).toEqual({ revision: first, time });
    expect(await readRevision(exec, workspace)).toBe(second);
  });

  it('is not named while the folder has changes of its own', async () => {
    commit('api/app.txt', 'one');
    writeFileSync(join(workspace, 'api/new.txt'), '');
    const { revision, time } = await stateOf();
    expect(revision).toBeUndefined();
    expect(time).toBeGreaterThan(0);
  });

  it('is not made up where a shallow clone ends', async () => {
    commit('api/app.txt', 'one');
    commit('other.txt', 'two');
    const shallow = join(root, 'shallow');
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${workspace}`, shallow]);
    expect(await stateOf(shallow)).toEqual({ time: 0 });
  });

  it('is found in a shallow clone once the rest of the history was fetched', async () => {
    const first = commit('api/app.txt', 'one');
    commit('other.txt', 'two');
    const shallow = join(root, 'shallow');
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${workspace}`, shallow]);
    expect(await completeHistory(exec, shallow)).toBe(true);
    expect(await stateOf(shallow)).toMatchObject({ revision: first });
    expect(await completeHistory(exec, shallow)).toBe(true);
  });

  it('is not found, and that is said, where the remote is gone', async () => {
    commit('api/app.txt', 'one');
    commit('other.txt', 'two');
    const shallow = join(root, 'shallow');
    execFileSync('git', ['clone', '-q', '--depth=1', `file://${workspace}`, shallow]);
    rmSync(workspace, { recursive: true });
    expect(await completeHistory(exec, shallow)).toBe(false);
    expect(await stateOf(shallow)).toEqual({ time: 0 });
  });

  it('is the first commit where that is the one', async () => {
    const only = commit('api/app.txt', 'one');
    expect((await stateOf()).revision).toBe(only);
  });

  it('is unknown outside of a repository', async () => {
    rmSync(join(workspace, '.git'), { recursive: true });
    expect(await stateOf()).toEqual({ time: 0 });
    expect(await readRevision(exec, workspace)).toBeUndefined();
  });
});
