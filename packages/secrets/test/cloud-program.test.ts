import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCloudProgram } from '../src/clouds/cloud-program.ts';

let tools: string;

beforeAll(async () => {
  tools = await mkdtemp(join(tmpdir(), 'slipway-tools-'));
  for (const name of ['aws', 'az', 'gcloud'])
    await writeFile(join(tools, name), '#!/bin/sh\n', { mode: 0o755 });
});

afterAll(async () => {
  await rm(tools, { recursive: true, force: true });
});

it.each(['aws', 'az', 'gcloud'])("a cloud's program (%s) that does not end is given up", async command => {
  const surroundings = {
    environment: { PATH: tools },
    exec: () => new Promise<never>(() => {}),
    workspace: '/nonexistent/workspace',
  };
  const running = runCloudProgram({ command, args: [], variables: {} }, surroundings, 1);
  await expect(running).rejects.toMatchObject({
    code: 'cloud-unreachable',
    message: expect.stringContaining(`the program "${command}" gives no credentials, and does not end`),
  });
});
