import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Rendering } from '@slipway/core';
import { filesOf, repository, scratch } from '@slipway/testkit/git';
import { ROOT } from './support/sources.ts';

const TARBALL = 'slipway.tgz';
const PATH = [dirname(process.execPath), '/usr/bin', '/bin'].join(':');

/** What every command line without an own part is answered with: `{"--help": …, "render --help": …}`. */
const answers = JSON.parse(readFileSync(join(ROOT, 'dist/answers.json'), 'utf8')) as Record<string, string>;

let made: string;
/** A folder with the tarball and nothing else, with a home and a cache of its own. */
let bare: string;
beforeAll(() => {
  made = join(scratch(), 'packages');
  execFileSync(process.execPath, [join(ROOT, 'tools/release/program-packages.ts'), made]);
  bare = scratch();
  const packed = npm('npm', 'pack', '--json', '--pack-destination', bare, join(made, 'npm'));
  const [{ filename = '' } = {}] = JSON.parse(packed.printed) as { filename?: string }[];
  cpSync(join(bare, filename), join(bare, TARBALL));
}, 60_000);

/** npm without a network and without settings of this machine. */
function npm(program: 'npm' | 'npx', ...args: readonly string[]) {
  const environment = {
    ...{ PATH, HOME: bare, TMPDIR: bare, npm_config_cache: join(bare, 'cache') },
    ...{
      npm_config_offline: 'true',
      npm_config_userconfig: join(bare, 'none'),
      npm_config_globalconfig: join(bare, 'no'),
    },
    ...{ npm_config_update_notifier: 'false' },
  };
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: bare,
    env: environment,
    encoding: 'utf8',
  });
  return { exitCode: status, printed: stdout, complaints: stderr };
}

const npx = (...args: readonly string[]) => npm('npx', '--yes', `./${TARBALL}`, ...args);

describe('the package for npm', () => {
  it('has the command, which Node it needs, and no dependency and no script', () => {
    const manifest = JSON.parse(readFileSync(join(made, 'npm/package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(manifest).toMatchObject({
      ...{ version, bin: { slipway: 'dist/slipway.js' }, engines: { node: '>=24' }, files: ['dist'] },
      ...{ license: 'Apache-2.0', publishConfig: { provenance: true } },
    });
    for (const field of ['dependencies', 'optionalDependencies', 'scripts', 'type'])
      expect(manifest).not.toHaveProperty(field);
  });

  it('has the bytes of dist/, without what only actions need', () => {
    const [dist, own] = [join(ROOT, 'dist'), join(made, 'npm/dist')];
    const files = readdirSync(own, { recursive: true, encoding: 'utf8' });
    const kept = files.filter(file => statSync(join(own, file)).isFile() && file !== 'start.mjs');
    expect(kept.length).toBeGreaterThan(20);
    for (const file of kept)
      expect([file, readFileSync(join(own, file)).equals(readFileSync(join(dist, file)))]).toEqual([
        file,
        true,
      ]);
    expect(files.filter(file => /action|deploy\.js|pipeline/.test(file))).toEqual([]);
  });

  it('answers --help of every command where nothing is installed and no network is there', () => {
    const lines = Object.keys(answers);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) {
      const { exitCode, printed } = npx(...line.split(' '));
      expect([line, exitCode, printed]).toEqual([line, 0, `${answers[line]}\n`]);
    }
  });

  it('renders, checks and explains the example as the bundle does', () => {
    const shop = repository(filesOf(join(ROOT, 'examples/shop'), ''));
    const application = join(shop, 'slipway.yaml');
    const both = (...args: string[]) => {
      const all = [...args, '--workspace', shop, '--application', application];
      const { status, stdout } = spawnSync(process.execPath, [join(ROOT, 'dist/slipway.js'), ...all], {
        cwd: bare,
        env: { PATH, HOME: bare, TMPDIR: bare },
        encoding: 'utf8',
      });
      const { exitCode, printed } = npx(...all);
      expect([exitCode, printed]).toEqual([status, stdout]);
      return printed;
    };
    expect((JSON.parse(both('render', '--json')) as Rendering).destinations.length).toBe(3);
    expect(both('check')).toContain('production/eu: passed');
    expect(both('explain', join(shop, 'config/shop.yaml:9'))).toContain('CURRENCY');
  });

  it('loads all that a command needs: none fails for a file that is not there', () => {
    const commands = Object.keys(answers).flatMap(line =>
      line.endsWith(' --help') ? [line.split(' ')[0] ?? ''] : [],
    );
    for (const command of commands) {
      const { complaints } = npx(command, ...(command === 'explain' ? ['a:1'] : []));
      expect([command, complaints]).toEqual([
        command,
        expect.not.stringMatching(/bundle|unexpected|Cannot find/),
      ]);
    }
  });
});

describe("the extension of GitHub's command line", () => {
  it('is a script that runs the program in the folder where it is called, through a link too', () => {
    const shop = repository(filesOf(join(ROOT, 'examples/shop'), ''));
    const folder = join(scratch(), 'extensions');
    mkdirSync(folder);
    symlinkSync(join(made, 'gh-slipway'), join(folder, 'gh-slipway'));
    const { status, stdout } = spawnSync(join(folder, 'gh-slipway/gh-slipway'), ['render'], {
      cwd: shop,
      env: { PATH, HOME: bare },
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('staging/main: 13 objects')]);
  });

  it('says that there is no Node', () => {
    const tools = scratch();
    for (const tool of ['sh', 'dirname'])
      symlinkSync(existsSync(`/bin/${tool}`) ? `/bin/${tool}` : `/usr/bin/${tool}`, join(tools, tool));
    const { status, stderr } = spawnSync(join(made, 'gh-slipway/gh-slipway'), ['render'], {
      env: { PATH: tools },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([
      2,
      'error: gh slipway needs Node 24 or newer, and there is no node in PATH; install it\n',
    ]);
  });
});
