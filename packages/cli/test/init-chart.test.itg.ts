import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { toolPath } from '@slipway/testbed';

const PROGRAM = resolve(import.meta.dirname, '../../../tools/slipway.ts');

let home: string;
let folder: string;
beforeEach(async () => {
  home = mkdtempSync(join(realpathSync(tmpdir()), 'slipway-chart-'));
  folder = join(home, 'shop');
  execFileSync(await toolPath('helm'), ['create', folder], { env: { HOME: home } });
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
});
afterEach(() => rmSync(home, { recursive: true }));

/** A machine with git, and with the other programs that are named. */
function slipway(args: readonly string[], programs: Readonly<Record<string, string>> = {}) {
  const bin = mkdtempSync(join(home, 'bin-'));
  for (const [name, path] of Object.entries({ git: '/usr/bin/git', ...programs }))
    symlinkSync(path, join(bin, name));
  return spawnSync(process.execPath, ['--conditions=slipway-source', PROGRAM, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: bin, HOME: home, TMPDIR: dirname(bin) },
  });
}

describe('slipway init in what "helm create" writes', () => {
  it('says without helm that it needs it, how to install it, and that nothing was written', () => {
    const { status, stdout, stderr } = slipway(['init', '--yes']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^error: "helm" cannot be run, and init renders the chart with it to know the images; install it \(https:\/\/helm\.sh\/docs\/intro\/install\/\), and call slipway init again; nothing was written \(command-not-found\)$/m,
    );
    expect(stderr.match(/^error: /gm)).toHaveLength(1);
    expect(existsSync(join(folder, 'slipway.yaml'))).toBe(false);
  });

  it('writes what is missing with helm, and the result renders and passes', async () => {
    const helm = { helm: await toolPath('helm') };
    const { status, stderr } = slipway(['init', '--yes'], helm);
    expect([status, stderr.match(/^error: /gm)]).toEqual([0, null]);
    expect(readFileSync(join(folder, 'formations/staging.yaml'), 'utf8')).toMatch(/helm:/);
    expect(slipway(['render'], helm).status).toBe(0);
    expect(slipway(['workflows', '--check'], helm).status).toBe(0);
  });
});
