import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  commit,
  exec,
  type Files,
  git,
  pullRequest,
  repository,
  scratch,
  shallowCheckout,
  write,
} from '@slipway/testkit/git';
import {
  changedPaths,
  commitFiles,
  commitsBeyond,
  distanceBetween,
  fetchCommit,
  findCheckout,
  type Git,
  gitObjects,
  hasCommit,
  isContained,
  openCommit,
  openGit,
  openHeads,
  parentsOf,
  resolveRevision,
} from '../src/index.ts';

const open = (checkout: string): Git => openGit({ exec, checkout, environment: process.env });
const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

async function filesOf(files: Files) {
  const folder = repository(files);
  return await commitFiles(gitObjects(open(folder)), git(folder, 'rev-parse', 'HEAD'));
}

describe('the distance of two commits', () => {
  const origin = repository({ 'a.yaml': 'old' });
  const [base, head] = [git(origin, 'rev-parse', 'main'), commit(origin, { 'a.yaml': 'new' })];
  git(origin, 'checkout', '--quiet', '-b', 'aside', base);
  commit(origin, { 'b.yaml': 'other' });
  const aside = commit(origin, { 'b.yaml': 'another' });

  it('is counted from both sides', async () => {
    expect(await distanceBetween(open(origin), base, head)).toEqual({ ahead: 0, behind: 1 });
    expect(await distanceBetween(open(origin), aside, head)).toEqual({ ahead: 2, behind: 1 });
  });

  it('is not known where commits are missing', async () => {
    expect(await distanceBetween(open(origin), base, 'f'.repeat(40))).toBeUndefined();
    const shallow = shallowCheckout(origin, aside);
    expect(await fetchCommit(open(shallow), base)).toBe(base);
    expect(await distanceBetween(open(shallow), base, aside)).toBeUndefined();
  });
});

describe('a commit in the history of another one', () => {
  const origin = repository({ 'a.yaml': 'old' });
  const [base, head] = [git(origin, 'rev-parse', 'main'), commit(origin, { 'a.yaml': 'new' })];
  git(origin, 'checkout', '--quiet', '-b', 'aside', base);
  const aside = commit(origin, { 'b.yaml': 'other' });

  it('is itself, or before it', async () => {
    expect(await isContained(open(origin), base, head)).toBe(true);
    expect(await isContained(open(origin), head, head)).toBe(true);
  });

  it('is neither after it, nor of another branch, nor unknown to a whole history', async () => {
    expect(await isContained(open(origin), head, base)).toBe(false);
    expect(await isContained(open(origin), aside, head)).toBe(false);
    expect(await isContained(open(origin), 'f'.repeat(40), head)).toBe(false);
  });

  it('is not known in a shallow clone, unless it is what is checked out', async () => {
    const shallow = open(shallowCheckout(origin, head));
    expect(await isContained(shallow, base, head)).toBeUndefined();
    expect(await isContained(shallow, head, head)).toBe(true);
    expect(await fetchCommit(shallow, aside)).toBe(aside);
    expect(await isContained(shallow, aside, head)).toBeUndefined();
  });

  it('is read without a checkout, fetched if need be, or not at all', async () => {
    const shallow = shallowCheckout(origin, head);
    const files = await openCommit(open(shallow), base);
    expect(text(await files?.read('a.yaml'))).toBe('old');
    expect(git(shallow, 'show', 'HEAD:a.yaml')).toBe('new');
    expect(await openCommit(open(shallow), 'f'.repeat(40))).toBeUndefined();
  });
});

describe('a checkout of depth 1', () => {
  const origin = repository({ 'a.yaml': 'old', 'kept.yaml': 'same' });
  const { base, head, merge } = pullRequest(origin, { 'a.yaml': 'new', 'b/c.yaml': 'added' });

  it('names the parents of its commit, which Git itself denies', async () => {
    const checkout = shallowCheckout(origin, merge);
    expect(() => git(checkout, 'rev-parse', '--verify', '--quiet', 'HEAD^')).toThrow();
    expect(await parentsOf(open(checkout), merge)).toEqual([base, head]);
  });

  it('fetches the base by its id without any other change', async () => {
    const checkout = shallowCheckout(origin, merge);
    expect(await hasCommit(open(checkout), base)).toBe(false);
    expect(await fetchCommit(open(checkout), base)).toBe(base);
    const files = await commitFiles(gitObjects(open(checkout)), base);
    expect([await files.list(''), text(await files.read('a.yaml'))]).toEqual([
      ['a.yaml', 'kept.yaml'],
      'old',
    ]);
    expect(await changedPaths(open(checkout), base, merge)).toEqual(['a.yaml', 'b/c.yaml']);
    expect(git(checkout, 'status', '--porcelain')).toBe('');
    expect(git(checkout, 'rev-parse', 'HEAD')).toBe(merge);
  });

  it('reports that it cannot if the remote does not answer', async () => {
    const checkout = shallowCheckout(origin, merge);
    git(checkout, 'remote', 'set-url', 'origin', 'file:///nowhere');
    expect(await fetchCommit(open(checkout), base)).toBeUndefined();
    await expect(commitFiles(gitObjects(open(checkout)), base)).rejects.toMatchObject({
      code: 'commit-unreadable',
    });
  });

  it('of a complete clone stays complete', async () => {
    const clone = join(scratch(), 'clone');
    git(scratch(), 'clone', '--quiet', `file://${origin}`, clone);
    const later = commit(origin, { 'd.yaml': 'later' });
    expect(await fetchCommit(open(clone), later)).toBe(later);
    expect(git(clone, 'rev-parse', '--is-shallow-repository')).toBe('false');
    expect(await resolveRevision(open(clone), 'main')).toBe(base);
  });
});

describe('files of a commit', () => {
  it('are those of a checkout, without what begins with a dot', async () => {
    const files = await filesOf({
      'policies/b.yaml': 'b',
      'policies/deep/a.yaml': 'a',
      'policies/.hidden/x': '',
      'policies/.x': '',
      other: '',
    });
    expect(await files.list('policies')).toEqual(['policies/b.yaml', 'policies/deep/a.yaml']);
    expect(await files.list('./policies/deep/')).toEqual(['policies/deep/a.yaml']);
    expect([await files.list('missing'), await files.read('missing'), await files.read('policies')]).toEqual([
      [],
      undefined,
      undefined,
    ]);
  });

  it('are read byte for byte, whatever they contain', async () => {
    const bytes = Uint8Array.from([0xff, 0x0a, 0x00, 0xfe, 0x0a]);
    const files = await filesOf({
      'one.bin': bytes,
      'two.yaml': 'ü\n',
      'empty.yaml': '',
      'line\nbreak.yaml': 'x',
    });
    const [one, two, empty, odd] = await Promise.all(
      ['one.bin', 'two.yaml', 'empty.yaml', 'line\nbreak.yaml'].map(path => files.read(path)),
    );
    expect([Buffer.from(one ?? []), text(two), text(empty), text(odd)]).toEqual([
      Buffer.from(bytes),
      'ü\n',
      '',
      'x',
    ]);
  });

  it.each(['sha1', 'sha256'])(
    'are known to be the same by their ids in a repository with %s',
    async format => {
      const folder = scratch();
      git(folder, 'init', '--quiet', `--object-format=${format}`);
      const head = commit(folder, { 'a.yaml': 'one\ntwo\n', 'b.bin': 'one\n\0', link: { link: 'a.yaml' } });
      const files = await commitFiles(gitObjects(open(folder)), head);
      const holds = (path: string, content?: string) =>
        files.holds(path, content === undefined ? undefined : Buffer.from(content));
      expect(
        await Promise.all([
          holds('a.yaml', 'one\ntwo\n'),
          holds('link', 'one\ntwo\n'),
          holds('b.bin', 'one\n\0'),
          holds('c.yaml'),
        ]),
      ).toEqual([true, true, true, true]);
      // Git may have written the text with other ends of lines, but not what it takes for binary.
      expect(await Promise.all([holds('a.yaml', 'one\r\ntwo\r\n'), holds('b.bin', 'one\r\n\0')])).toEqual([
        true,
        false,
      ]);
      expect(
        await Promise.all([
          holds('a.yaml', 'one\ntwo'),
          holds('a.yaml', ''),
          holds('a.yaml'),
          holds('c.yaml', ''),
        ]),
      ).toEqual([false, false, false, false]);
    },
  );

  it('are compared without reading them, and their commit is asked for once', async () => {
    const folder = repository({ 'a.yaml': 'a', 'b/c.yaml': 'c' });
    const asked: (string | undefined)[] = [];
    const counting: typeof exec = async (program, args, options) => {
      asked.push(args?.find(argument => ['rev-parse', 'ls-tree', 'cat-file'].includes(argument)));
      return await exec(program, args, options);
    };
    const heads = openHeads({ exec: counting, workspace: folder, environment: process.env });
    const head = git(folder, 'rev-parse', 'HEAD');
    expect(await Promise.all(['a.yaml', 'b', ''].map(path => heads.revision(path)))).toEqual([
      head,
      head,
      head,
    ]);
    const files = await Promise.all([heads.files('a.yaml'), heads.files('b')]);
    expect(await files[0]?.holds('a.yaml', Buffer.from('a'))).toBe(true);
    expect(await files[1]?.holds('b/c.yaml', Buffer.from('d'))).toBe(false);
    expect(asked).toEqual(['rev-parse', 'ls-tree']);
  });

  it('are found behind links, which are followed only within the commit', async () => {
    const files = await filesOf({
      'shared/p.yaml': 'p',
      'app/policies': { link: '../shared' },
      'app/one.yaml': { link: '../shared/p.yaml' },
      'app/outside.yaml': { link: '/etc/passwd' },
      'app/above.yaml': { link: '../../x' },
      'app/circle': { link: 'circle' },
    });
    expect(await files.list('app/policies')).toEqual(['app/policies/p.yaml']);
    expect(text(await files.read('app/policies/p.yaml'))).toBe('p');
    expect(text(await files.read('app/one.yaml'))).toBe('p');
    for (const path of ['app/outside.yaml', 'app/above.yaml', 'app/circle'])
      await expect(files.read(path)).rejects.toMatchObject({ code: 'commit-file-outside' });
    await expect(files.read('../x')).rejects.toMatchObject({ code: 'commit-file-outside' });
  });

  it('that begin with a dot are listed where all are asked for', async () => {
    const files = await filesOf({ 'chart/.helmignore': 'x', 'chart/a.yaml': 'a', 'chart/files/.env': 'e' });
    expect(await files.list('chart')).toEqual(['chart/a.yaml']);
    expect(await files.listAll('chart')).toEqual(['chart/.helmignore', 'chart/a.yaml', 'chart/files/.env']);
  });

  it('in Git LFS are refused, and their pointers are not taken for the content', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 3\n`;
    const files = await filesOf({ 'big.yaml': pointer, 'small.yaml': 'a' });
    await expect(files.read('big.yaml')).rejects.toMatchObject({
      code: 'commit-file-in-lfs',
      message: expect.stringContaining('"big.yaml" is in Git LFS'),
    });
    expect(text(await files.read('small.yaml'))).toBe('a');
  });

  it('in a submodule are not silently ignored', async () => {
    const folder = repository({ 'a.yaml': '' });
    const inner = repository({ 'p.yaml': '' });
    git(folder, 'update-index', '--add', '--cacheinfo', `160000,${git(inner, 'rev-parse', 'HEAD')},policies`);
    git(folder, 'commit', '--quiet', '-m', 'Submodule');
    const files = await commitFiles(gitObjects(open(folder)), git(folder, 'rev-parse', 'HEAD'));
    await expect(files.list('policies')).rejects.toMatchObject({ code: 'commit-unreadable' });
    await expect(files.read('policies/p.yaml')).rejects.toMatchObject({ code: 'commit-unreadable' });
    expect(text(await files.read('a.yaml'))).toBe('');
  });
});

describe('what a checkout could run', () => {
  it('is not run: hooks, monitors, transports and filters', async () => {
    const origin = repository({ 'a.yaml': 'old', '.gitattributes': '* filter=evil diff=evil\n' });
    const { base, merge } = pullRequest(origin, { 'a.yaml': 'new' });
    const checkout = shallowCheckout(origin, merge);
    const witness = join(scratch(), 'ran');
    const command = `touch ${witness}; cat`;
    write(join(checkout, '.git/hooks'), { 'reference-transaction': `#!/bin/sh\n${command}\n` });
    chmodSync(join(checkout, '.git/hooks/reference-transaction'), 0o755);
    git(checkout, 'config', 'core.hooksPath', '.git/hooks');
    for (const key of [
      'core.fsmonitor',
      'filter.evil.smudge',
      'filter.evil.clean',
      'diff.evil.textconv',
      'diff.external',
      'remote.origin.uploadpack',
    ])
      git(checkout, 'config', key, command);
    const runs = openGit({
      exec,
      checkout,
      environment: { ...process.env, GIT_EXTERNAL_DIFF: command, GIT_DIR: '/nowhere' },
    });
    expect(await fetchCommit(runs, base)).toBe(base);
    const files = await commitFiles(gitObjects(runs), base);
    expect(text(await files.read('a.yaml'))).toBe('old');
    expect(await changedPaths(runs, base, merge)).toEqual(['a.yaml']);
    git(checkout, 'config', 'remote.origin.url', `ext::sh -c ${JSON.stringify(command)}`);
    git(checkout, 'config', 'protocol.ext.allow', 'always');
    expect(await fetchCommit(runs, 'main')).toBeUndefined();
    expect(existsSync(witness)).toBe(false);
  });

  it('does not replace a commit by another one', async () => {
    const folder = repository({ 'a.yaml': 'first' });
    const first = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'replace', first, commit(folder, { 'a.yaml': 'second' }));
    const files = await commitFiles(gitObjects(open(folder)), first);
    expect(text(await files.read('a.yaml'))).toBe('first');
  });

  it.each(['--upload-pack=touch', 'main', 'HEAD^', '', 'a'.repeat(39)])(
    'is not accepted as an id if it is an option or a range: %s',
    async id => {
      await expect(parentsOf(open(scratch()), id)).rejects.toMatchObject({ code: 'commit-unreadable' });
    },
  );
});

describe('the checkout of a path', () => {
  it('is the nearest one up to the workspace', async () => {
    const workspace = repository({ 'app/slipway.yaml': '' });
    write(workspace, { 'platform/.git/HEAD': '', 'platform/policies/a.yaml': '' });
    expect(findCheckout(join(workspace, 'app/slipway.yaml'), workspace)).toBe(workspace);
    expect(findCheckout(join(workspace, 'platform/policies/missing'), workspace)).toBe(
      join(workspace, 'platform'),
    );
    const bare = scratch();
    writeFileSync(join(bare, 'x'), '');
    expect(findCheckout(join(bare, 'x'), bare)).toBeUndefined();
    expect(findCheckout('/etc', workspace)).toBeUndefined();
  });
});

describe('what a commit has that another one does not have', () => {
  const origin = repository({ 'app/a.yaml': 'one\ntwo\nthree\n', 'b.yaml': 'x\n' });
  const base = git(origin, 'rev-parse', 'main');
  commit(origin, { 'app/a.yaml': 'one\n2\nthree\nfour\n' }, 'Two and four');
  const last = commit(origin, { 'b.yaml': undefined, 'app/ü "c".yaml': 'new\n' }, 'The rest\n\nwith a body');
  const query = { commit: last, base, paths: [], limit: 1 };

  it('is named by commits and lines', async () => {
    const found = await commitsBeyond(open(origin), query);
    expect(found).toMatchObject({ count: 2, commits: [{ id: last, subject: 'The rest' }] });
    expect(found?.lines.slice(0, 2)).toEqual([
      { path: 'app/a.yaml', line: 2 },
      { path: 'app/a.yaml', line: 4 },
    ]);
    expect(found?.lines).toContainEqual({ path: 'b.yaml', line: 1 });
    expect(found?.lines).toHaveLength(4);
    const inside = await commitsBeyond(open(origin), { ...query, paths: ['app'] });
    expect(inside?.lines).toHaveLength(3);
  });

  it('names files whose lines cannot be told: of other modes, and such as are not text', async () => {
    const folder = repository({ 'run.sh': 'a', 'chart.tgz': 'a\0b', 'app/a.yaml': 'a' });
    const before = git(folder, 'rev-parse', 'HEAD');
    chmodSync(join(folder, 'run.sh'), 0o755);
    const after = commit(folder, { 'chart.tgz': 'c\0d', 'app/a.yaml': 'b' });
    const found = await commitsBeyond(open(folder), { commit: after, base: before, paths: [], limit: 1 });
    expect(found?.lines).toEqual([
      { path: 'app/a.yaml', line: 1 },
      { path: 'chart.tgz' },
      { path: 'run.sh' },
    ]);
  });

  it('has no commits for one that is contained, and is unknown for one that is not there', async () => {
    expect(await commitsBeyond(open(origin), { ...query, commit: base, base: last })).toEqual({
      ...{ count: 0, commits: [], lines: [] },
    });
    expect(await commitsBeyond(open(origin), { ...query, commit: 'f'.repeat(40) })).toBeUndefined();
  });
});
