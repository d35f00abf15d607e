import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { filesIn, readRepositoryFiles } from '../src/index.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-look-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(path: string, content: string | Uint8Array = ''): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

describe('the files of a repository', () => {
  it('are listed sorted, without the folders that tools fill', () => {
    const wanted = ['app/main.go', 'k8s/web.yaml', 'lib/target/notes.md'];
    const skipped = ['.git/config', 'node_modules/a/index.js', 'app/vendor/x.go', 'rs/target/debug/x'];
    for (const path of [...skipped, ...wanted, 'rs/Cargo.toml']) write(path);
    expect(readRepositoryFiles(folder).paths).toEqual([...wanted, 'rs/Cargo.toml']);
  });

  it('are never those behind a link, and a link is named', async () => {
    write('k8s/web.yaml', 'a: 1\n');
    symlinkSync('/etc', join(folder, 'etc'));
    symlinkSync('web.yaml', join(folder, 'k8s/again.yaml'));
    const files = readRepositoryFiles(folder);
    expect([files.paths, files.links]).toEqual([['k8s/web.yaml'], ['etc', 'k8s/again.yaml']]);
    for (const path of ['etc/passwd', '../../etc/passwd', 'k8s/again.yaml', '__proto__'])
      expect([files.has(path), await files.readText(path)]).toEqual([false, undefined]);
  });

  it('are not read through a link that replaced one', async () => {
    write('web.yaml');
    const files = readRepositoryFiles(folder);
    rmSync(join(folder, 'web.yaml'));
    symlinkSync('/etc/hostname', join(folder, 'web.yaml'));
    await expect(files.readText('web.yaml')).rejects.toMatchObject({ code: 'look-failed' });
  });

  it('are texts in UTF-8, or not read', async () => {
    write('text', 'grün\n');
    write('picture', new Uint8Array([137, 80, 0, 1]));
    write('latin', new Uint8Array([103, 114, 252, 110]));
    const files = readRepositoryFiles(folder);
    expect(await files.readText('text')).toBe('grün\n');
    expect([await files.readText('picture'), await files.readText('latin')]).toEqual([undefined, undefined]);
  });

  it('are refused above 8 MiB when they are read, and not before', async () => {
    write('big.json', Buffer.alloc(8 * 1024 * 1024 + 1, 32));
    const files = readRepositoryFiles(folder);
    await expect(files.readText('big.json')).rejects.toThrow('"big.json" is larger than 8 MiB');
  });

  it('are as many as the limit, the nearest first, which is said', () => {
    for (const path of ['a/b/c.txt', 'a/d.txt', 'e.txt']) write(path);
    const { paths, isCut } = readRepositoryFiles(folder, 2);
    expect([paths, isCut]).toEqual([['a/d.txt', 'e.txt'], true]);
  });

  it('of a folder have paths in it', async () => {
    for (const path of ['a/b.txt', 'ab/c.txt']) write(path, path);
    const files = filesIn(readRepositoryFiles(folder), 'a');
    expect([files.paths, files.has('b.txt'), await files.readText('b.txt')]).toEqual([
      ['b.txt'],
      true,
      'a/b.txt',
    ]);
  });
});
