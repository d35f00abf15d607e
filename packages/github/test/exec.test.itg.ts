import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execute } from '../src/exec.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-exec-'));
  await mkdir(join(folder, 'my "own" tools'));
});

afterAll(() => rm(folder, { recursive: true }));

it('a program may have spaces and quotes in its path', async () => {
  const program = join(folder, 'my "own" tools', 'get token');
  await writeFile(program, '#!/bin/sh\necho "$#: $1"\n', { mode: 0o755 });
  expect((await execute(program, ['a b'], {}, process.env)).stdout).toBe('1: a b\n');
});

it('a program that reads its standard input finds it empty, if it is given as that', async () => {
  expect(await execute('cat', [], { input: '' }, process.env)).toMatchObject({ exitCode: 0, stdout: '' });
});

it('a program that ends without reading its input is judged by its exit code', async () => {
  const input = 'x'.repeat(1_000_000);
  const started = Array.from({ length: 20 }, (_, index) =>
    execute('sh', ['-c', `exec <&-; exit ${index % 2}`], { input }, process.env),
  );
  const codes = (await Promise.all(started)).map(({ exitCode }) => exitCode);
  expect(codes).toEqual(codes.map((_, index) => index % 2));
});
