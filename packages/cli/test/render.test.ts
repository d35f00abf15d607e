import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Rendering, renderingSchema } from '@slipway/core';
import { readRenderedTree } from '@slipway/render';
import { Ajv } from 'ajv';
import { runProgram } from '../src/run-program.ts';
import { copyOfShop, runIn } from './support/copy.ts';
import { machineIn } from './support/machine.ts';

const folder = copyOfShop();

describe('slipway render', () => {
  it('says the digest of each destination and of all, and keeps nothing', async () => {
    const { exitCode, printed } = await runIn(folder, 'render');
    expect(exitCode).toBe(0);
    expect(printed.replaceAll(/[0-9a-f]{64}/g, '…').split('\n')).toEqual([
      'production/eu: 13 objects, sha256:…',
      'production/us: 13 objects, sha256:…',
      'staging/main: 13 objects, sha256:…',
      'all: sha256:…',
    ]);
    expect(existsSync(join(folder, 'rendered'))).toBe(false);
  });

  it('leaves no temporary folder', async () => {
    const temporaryDirectory = join(folder, 'temporary');
    mkdirSync(temporaryDirectory);
    const printed: string[] = [];
    const machine = { ...machineIn(folder, { printed, complaints: [] }), temporaryDirectory };
    expect(await runProgram(['render', '--json'], machine)).toBe(0);
    expect(readdirSync(temporaryDirectory)).toEqual([]);
  });

  it('keeps a tree where it is told to, whose digest is the one that it says', async () => {
    const { printed } = await runIn(folder, 'render', '--formation', 'staging', '--output', 'kept', '--json');
    const rendering = JSON.parse(printed) as Rendering;
    expect(new Ajv().validate(renderingSchema, rendering)).toBe(true);
    const [read] = await readRenderedTree(join(folder, 'kept'));
    expect(rendering).toMatchObject({ folder: join(folder, 'kept'), digest: read?.rendered.digest });
  });

  it('is another tree for a value of the run', async () => {
    const digestWith = async (...flags: string[]): Promise<string> => {
      const { exitCode, printed } = await runIn(folder, 'render', '--destination', 'eu', ...flags);
      expect(exitCode).toBe(0);
      return printed;
    };
    expect(await digestWith('--set', 'shop.currency=USD')).not.toBe(await digestWith());
  });

  it('names the flag, and no step of a job, where slipway.yaml is elsewhere', async () => {
    const { exitCode, complaints } = await runIn(join(folder, 'stencils'), 'render');
    expect(exitCode).toBe(2);
    expect(complaints).toBe(
      'error: the file "slipway.yaml" does not exist in the workspace; name a file that exists; slipway.yaml is looked for in the folder of the call, or where --application says (file-missing)',
    );
  });

  it('says each problem of the files with its position and code, and answers nothing', async () => {
    const broken = join(folder, 'stencils/broken.yaml');
    writeFileSync(
      broken,
      `${readFileSync(join(folder, 'stencils/settings.yaml'), 'utf8')}\n  X: \${no.such}\n`,
    );
    const { exitCode, printed, complaints } = await runIn(folder, 'render', '--json');
    expect([exitCode, printed]).toEqual([2, '']);
    expect(complaints).toMatch(/^error: stencils\/broken\.yaml:\d+:\d+: .+ \([a-z-]+\)$/m);
  });
});
