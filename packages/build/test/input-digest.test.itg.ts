import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { digestInputs, type ImageBuild } from '@slipway/build';

let context: string;
let other: string;
let base: string | undefined;

beforeEach(() => {
  const root = mkdtempSync(join(tmpdir(), 'slipway-inputs-'));
  context = join(root, 'context');
  other = join(root, 'other');
  for (const folder of [context, other]) mkdirSync(folder);
  base = 'sha256:1';
  write('Dockerfile', 'FROM node:24\nCOPY . /\n');
  write('src/app.txt', 'app');
});

afterEach(() => rmSync(join(context, '..'), { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(join(context, file, '..'), { recursive: true });
  writeFileSync(join(context, file), text);
}

function moveBase(): void {
  base = 'sha256:2';
}

async function digest(changes: Partial<ImageBuild> = {}, architecture = 'x64') {
  const build: ImageBuild = {
    service: 'api',
    context,
    dockerfile: join(context, 'Dockerfile'),
    dockerfileName: 'Dockerfile',
    contexts: { files: { kind: 'folder', path: other } },
    args: {},
    secrets: [],
    platforms: [],
    labels: {},
    sourceDateEpoch: 0,
    repository: 'ghcr.io/acme/shop/api',
    plainHttp: false,
    cache: 'none',
    ssh: false,
    ...changes,
  };
  return await digestInputs(build, { resolve: async () => base, architecture });
}

describe('the digest of the inputs of a build', () => {
  it.each<[string, () => unknown]>([
    ['a file', () => write('src/app.txt', 'new')],
    ['the name of a file', () => write('src/more.txt', '')],
    ['a permission', () => chmodSync(join(context, 'src/app.txt'), 0o755)],
    ['a link', () => symlinkSync('app.txt', join(context, 'src/link'))],
    ['an empty folder', () => mkdirSync(join(context, 'empty'))],
    ['the Dockerfile', () => write('Dockerfile', 'FROM node:24\n')],
    ['what the tag of the base image names', () => moveBase()],
    ['a file of a further context', () => writeFileSync(join(other, 'x'), '')],
    ['an argument', () => ({ args: { A: '1' } })],
    ['the target', () => ({ target: 'x' })],
    ['a platform', () => ({ platforms: ['linux/arm64'] })],
    ['a secret that it may read', () => ({ secrets: ['token'] })],
    [
      'an image that it starts from',
      () => ({ contexts: { files: { kind: 'image', reference: 'a@sha256:3' } } }),
    ],
  ])('changes with %s', async (_case, change) => {
    const before = await digest();
    expect(before).toEqual({ digest: expect.stringMatching(/^sha256:/) });
    expect(await digest((change() ?? {}) as Partial<ImageBuild>)).not.toEqual(before);
  });

  it('depends on the processor only if no platform is named', async () => {
    expect(await digest({}, 'arm64')).not.toEqual(await digest());
    const platforms = { platforms: ['linux/amd64'] };
    expect(await digest(platforms, 'arm64')).toEqual(await digest(platforms));
  });

  it('does not depend on times, labels, the repository or what .dockerignore leaves out', async () => {
    write('.dockerignore', '# not sent\nnode_modules/\n/out\n**/*.log\n**/.cache\n.git\n');
    const before = await digest();
    utimesSync(join(context, 'src/app.txt'), 1, 1);
    for (const file of ['node_modules/x', 'out/y', 'src/.cache/z', '.git/HEAD']) write(file, file);
    rmSync(join(context, 'src/.cache'), { recursive: true });
    expect(await digest({ labels: { a: 'b' }, repository: 'x.example/y', sourceDateEpoch: 5 })).toEqual(
      before,
    );
    write('src/node_modules/x', 'only at the top is it left out');
    expect(await digest()).not.toEqual(before);
  });

  it('does not evaluate an ignore file with exceptions', async () => {
    write('.dockerignore', 'src\n!src/app.txt\n');
    const before = await digest();
    write('src/app.txt', 'new');
    expect(await digest()).not.toEqual(before);
  });

  it('is not known with a Git folder in the context or a base image that does not exist', async () => {
    write('.git/HEAD', '');
    expect(await digest()).toEqual({ unknown: expect.stringContaining('.dockerignore') });
    rmSync(join(context, '.git'), { recursive: true });
    base = undefined;
    expect(await digest()).toEqual({ unknown: expect.stringContaining('node:24') });
  });
});
