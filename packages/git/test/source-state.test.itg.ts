import { appendFileSync, chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commit, exec, git, plantRepository, repository, scratch, write } from '@slipway/testkit/git';
import { completeHistory, headCommit, openCheckout, openGit, readSourceState } from '../src/index.ts';

const open = (checkout: string) => openGit({ exec, checkout, environment: process.env });
const find = (path: string, workspace: string) =>
  openCheckout(path, { exec, workspace, environment: process.env });
const stateOf = (checkout: string, folder = 'api') =>
  readSourceState(open(checkout), [join(checkout, folder)]);

/** What `git clone --depth=1` makes. */
function shallowClone(origin: string): string {
  const clone = join(scratch(), 'clone');
  git(origin, 'clone', '--quiet', '--depth=1', `file://${origin}`, clone);
  return clone;
}

describe('the commit that last changed a folder', () => {
  it('is the same one while other folders change', async () => {
    const workspace = repository({ 'api/app.txt': 'one' });
    const first = git(workspace, 'rev-parse', 'HEAD');
    const second = commit(workspace, { 'other.txt': 'two' });
    const time = Number(git(workspace, 'show', '-s', '--format=%ct', first));
    expect(await stateOf(workspace)).toEqual({ revision: first, time });
    expect(await headCommit(open(workspace))).toBe(second);
  });

  it.each([
    ['a new file', { 'api/new.txt': '' }],
    ['a changed file', { 'api/app.txt': 'changed' }],
    ['a removed file', { 'api/app.txt': undefined }],
  ])('is not named while the folder has %s', async (_case, files) => {
    const workspace = repository({ 'api/app.txt': 'one', 'api/other.txt': '' });
    git(workspace, 'config', 'status.showUntrackedFiles', 'no');
    write(workspace, files);
    expect(await stateOf(workspace)).toEqual({ time: expect.any(Number) });
    expect((await stateOf(workspace)).time).toBeGreaterThan(0);
  });

  it('is not guessed at the end of a shallow clone', async () => {
    const workspace = repository({ 'api/app.txt': 'one' });
    commit(workspace, { 'other.txt': 'two' });
    expect(await stateOf(shallowClone(workspace))).toEqual({ time: 0 });
  });

  it('is found in a shallow clone once the rest of the history is fetched', async () => {
    const workspace = repository({ 'api/app.txt': 'one' });
    const first = git(workspace, 'rev-parse', 'HEAD');
    commit(workspace, { 'other.txt': 'two' });
    const shallow = shallowClone(workspace);
    expect(await completeHistory(open(shallow))).toBe(true);
    expect(await stateOf(shallow)).toMatchObject({ revision: first });
    expect(await completeHistory(open(shallow))).toBe(true);
  });

  it('is unknown in a shallow clone whose remote is gone', async () => {
    const workspace = repository({ 'api/app.txt': 'one' });
    commit(workspace, { 'other.txt': 'two' });
    const shallow = shallowClone(workspace);
    rmSync(workspace, { recursive: true });
    expect(await completeHistory(open(shallow))).toBe(false);
    expect(await stateOf(shallow)).toEqual({ time: 0 });
  });

  it('may be the first of all', async () => {
    const workspace = repository({ 'api/app.txt': 'one' });
    expect((await stateOf(workspace)).revision).toBe(git(workspace, 'rev-parse', 'HEAD'));
  });

  it('is that of the folder with this very name, though the name is a pattern', async () => {
    const workspace = repository({ 'a[b]/app.txt': 'one' });
    const first = git(workspace, 'rev-parse', 'HEAD');
    commit(workspace, { 'ab/app.txt': 'two' });
    expect((await stateOf(workspace, 'a[b]')).revision).toBe(first);
  });

  it('is unknown outside of a repository and before the first commit', async () => {
    const folder = scratch();
    expect(await find(folder, folder)).toBeUndefined();
    expect(await readSourceState(undefined, [folder])).toEqual({ time: 0 });
    git(folder, 'init', '--quiet');
    expect([await headCommit(open(folder)), await stateOf(folder)]).toEqual([undefined, { time: 0 }]);
  });
});

describe('a checkout', () => {
  it('whose .git is a file is read: a linked worktree', async () => {
    const origin = repository({ 'api/app.txt': 'one' });
    const linked = join(scratch(), 'linked');
    git(origin, 'worktree', 'add', '--quiet', '--detach', linked);
    const revision = commit(linked, { 'api/app.txt': 'two' });
    expect(await stateOf(linked)).toMatchObject({ revision });
    write(linked, { 'api/app.txt': 'changed' });
    expect((await stateOf(linked)).revision).toBeUndefined();
  });

  it('with a submodule is unchanged until a file in the submodule changes', async () => {
    const library = repository({ 'lib.txt': 'one' });
    const workspace = repository({ 'app/app.txt': '' });
    git(workspace, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'app/lib');
    const revision = commit(workspace, {});
    expect(await stateOf(workspace, 'app')).toMatchObject({ revision });
    const inside = await find(join(workspace, 'app/lib'), workspace);
    expect(inside && (await headCommit(inside))).toBe(git(library, 'rev-parse', 'HEAD'));
    expect(await readSourceState(inside, [join(workspace, 'app/lib')])).toMatchObject({
      revision: git(library, 'rev-parse', 'HEAD'),
    });
    write(workspace, { 'app/lib/lib.txt': 'changed' });
    expect((await stateOf(workspace, 'app')).revision).toBeUndefined();
  });

  // What `git lfs install` sets up for `*.bin filter=lfs`: the repository has a pointer, the work tree has the content.
  it('with files behind a filter, as those of LFS, is unchanged until one of them changes', async () => {
    const workspace = repository({ '.gitattributes': '*.bin filter=lfs\n' });
    git(workspace, 'config', 'filter.lfs.clean', "sed 's/content/pointer/'");
    git(workspace, 'config', 'filter.lfs.smudge', "sed 's/pointer/content/'");
    git(workspace, 'config', 'filter.lfs.required', 'true');
    const revision = commit(workspace, { 'api/large.bin': 'content' });
    expect(git(workspace, 'show', 'HEAD:api/large.bin')).toBe('pointer');
    // Without what Git remembers of the file, it has to read it.
    write(workspace, { 'api/large.bin': 'content' });
    expect(await stateOf(workspace)).toMatchObject({ revision });
    write(workspace, { 'api/large.bin': 'other' });
    expect((await stateOf(workspace)).revision).toBeUndefined();
  });

  it('in a folder of another one is told apart from it', async () => {
    const workspace = repository({ 'app/app.txt': '' });
    const shared = repository({ 'stencils/a.yaml': '' });
    renameSync(shared, join(workspace, 'platform'));
    const heads = await Promise.all(
      ['app', 'platform/stencils'].map(async folder => {
        const found = await find(join(workspace, folder), workspace);
        return found && (await headCommit(found));
      }),
    );
    expect(heads).toEqual(
      [workspace, join(workspace, 'platform')].map(folder => git(folder, 'rev-parse', 'HEAD')),
    );
  });
});

describe('a repository of ordinary files in a folder of the checkout', () => {
  it('is never asked, and none of its programs is started', async () => {
    const workspace = repository({ 'app/api/app.txt': 'one' });
    const witness = join(scratch(), 'ran');
    const planted = plantRepository(join(workspace, 'app'), ['api'], witness);
    const revision = commit(workspace, {});
    expect(git(workspace, 'ls-files', 'app/HEAD', 'app/config')).toBe('app/HEAD\napp/config');
    const found = await find(join(workspace, 'app'), workspace);
    expect(found && (await headCommit(found))).toBe(revision);
    const state = await readSourceState(found, [join(workspace, 'app/api')]);
    expect(state.revision).toBe(git(workspace, 'rev-parse', 'HEAD^'));
    expect(state.revision).not.toBe(planted.commit);
    expect(found && (await completeHistory(found))).toBe(true);
    expect(planted.wasRun()).toBe(false);
  });

  it('is not a checkout in a workspace without one', async () => {
    const workspace = scratch();
    write(workspace, { 'app/api/app.txt': 'one' });
    const planted = plantRepository(join(workspace, 'app'), ['api'], join(scratch(), 'ran'));
    expect(await find(join(workspace, 'app'), workspace)).toBeUndefined();
    expect(planted.wasRun()).toBe(false);
  });
});

describe("a checkout's own settings", () => {
  it('start neither monitor, hook, pager nor signature program when its state is read', async () => {
    const workspace = repository({ 'api/app.txt': 'one' });
    const witness = join(scratch(), 'ran');
    const program = `touch ${witness}; false`;
    for (const key of ['core.fsmonitor', 'core.pager', 'gpg.program', 'diff.external'])
      git(workspace, 'config', key, program);
    git(workspace, 'config', 'log.showSignature', 'true');
    mkdirSync(join(workspace, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction']) {
      writeFileSync(join(workspace, '.git/hooks', hook), `#!/bin/sh\n${program}\n`);
      chmodSync(join(workspace, '.git/hooks', hook), 0o755);
    }
    expect(await stateOf(workspace)).toMatchObject({ revision: await headCommit(open(workspace)) });
    appendFileSync(join(workspace, 'api/app.txt'), 'more');
    expect((await stateOf(workspace)).revision).toBeUndefined();
    expect(existsSync(witness)).toBe(false);
    git(workspace, 'status', '--porcelain');
    expect(existsSync(witness)).toBe(true);
  });
});
