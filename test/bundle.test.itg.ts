import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { Script } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyActions, createJob, type Job, runStep } from '@slipway/testbed/runner';
import { ROOT } from './support/sources.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'slipway-bundle-test-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const ACTIONS = [
  '.',
  ...readdirSync(join(ROOT, 'actions'))
    .filter(name => name !== 'pipeline')
    .map(name => `actions/${name}`),
];
const FILES = readdirSync(join(ROOT, 'dist'), { recursive: true, withFileTypes: true })
  .filter(entry => entry.isFile())
  .map(entry => relative(join(ROOT, 'dist'), join(entry.parentPath, entry.name)));

function jobIn(workspace: string): Job {
  return createJob({ workspace, directory, path: '/usr/bin:/bin' });
}

/** All that a runner downloads, in a folder of its own. */
function copy(): string {
  const folder = mkdtempSync(join(directory, 'copy-'));
  copyActions(ROOT, folder);
  return folder;
}

const size = (path: string): number => statSync(path).size;
const half = (path: string): number => Math.floor(size(path) / 2);
const cut = (path: string): void => truncateSync(path, half(path));

/** What is done to a file, and what the message says of it. */
const damages: Record<string, { damage: (path: string) => void; says: (path: string) => string }> = {
  missing: { damage: path => rmSync(path), says: () => 'is missing' },
  empty: { damage: path => truncateSync(path), says: () => 'is empty' },
  'cut short': { damage: cut, says: path => `has ${half(path)} bytes instead of ${size(path)}` },
  'of another version': {
    damage: path => appendFileSync(path, '\n'),
    says: path => `has ${size(path) + 1} bytes instead of ${size(path)}`,
  },
};

const messageOf = (what: string): string =>
  `the bundle is incomplete: ${what}; delete the runner's copy of the action and run the job again (bundle-incomplete)`;

/** Runs a step of a bundle that is not whole, which is one sentence and the output `error`. */
async function expectIncomplete(folder: string, action: string, what: string): Promise<void> {
  const { exitCode, annotations, log, outputs } = await runStep(jobIn(folder), {
    action: join(folder, action),
  });
  expect([exitCode, outputs]).toEqual([1, { error: 'bundle-incomplete' }]);
  const title = 'Slipway: bundle-incomplete';
  const problem = { severity: 'error', title, message: messageOf(what) };
  expect(annotations).toEqual([expect.objectContaining(problem)]);
  expect(log).not.toMatch(/^\s+at /m);
}

describe.each(ACTIONS)('the bundle of %s', action => {
  const own = action === '.' ? 'library/slipway.mjs' : `library/action-${action.replace('actions/', '')}.mjs`;

  it.each(
    ['library/slipway.mjs', own, 'library/cluster.mjs', 'library/kubernetes-1.34.json.br'].flatMap(file =>
      Object.keys(damages).map(damage => [file, damage] as const),
    ),
  )('says in one sentence that %s is %s', async (file, name) => {
    const folder = copy();
    damages[name]?.damage(join(folder, 'dist', file));
    const says = damages[name]?.says(join(ROOT, 'dist', file));
    await expectIncomplete(folder, action, `dist/${file} ${says}`);
  });

  it.each(['missing', 'empty', 'cut short'])('says in one sentence that start.mjs is %s', async name => {
    const folder = copy();
    damages[name]?.damage(join(folder, 'dist/start.mjs'));
    await expectIncomplete(folder, action, 'dist/start.mjs is missing, empty or cut short');
  });

  it('says so of a file that has the right size and cannot be read', async () => {
    const folder = copy();
    const path = join(folder, 'dist', own);
    writeFileSync(path, Buffer.alloc(size(path)));
    const { exitCode, annotations, log, outputs } = await runStep(jobIn(folder), {
      action: join(folder, action),
    });
    expect([exitCode, annotations.map(({ title }) => title), outputs]).toEqual([
      ...[1, ['Slipway: bundle-incomplete'], { error: 'bundle-incomplete' }],
    ]);
    expect(log).toMatch(/the bundle is incomplete: a file in dist\/library cannot be loaded \(.+\); delete/);
    expect(log).not.toMatch(/^\s+at /m);
  });
});

describe('a bundle that an older Node starts', () => {
  // Node 12 is the oldest that has import().
  it.each(['12.22.12', '20.20.2'])('says which one it needs, before it reads anything else: %s', version => {
    const folder = copy();
    rmSync(join(folder, 'dist/start.mjs'));
    const older = join(folder, 'older.cjs');
    writeFileSync(older, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
    const said = ACTIONS.map(action => {
      const entry = join(folder, 'dist', `${action === '.' ? 'pipeline' : basename(action)}.js`);
      const { status, stdout } = spawnSync(process.execPath, ['--require', older, entry], {
        env: {},
        encoding: 'utf8',
      });
      return [status, stdout];
    });
    const sentence = `Slipway needs Node 24 or newer, and this is ${version}; start it with a newer one (node-too-old)`;
    expect(said).toEqual(ACTIONS.map(() => [1, `::error title=Slipway%3A node-too-old::${sentence}\n`]));
  });
});

describe('every file of the bundle', () => {
  const entry = 'render-stencil.js';

  it.each(FILES.filter(file => file !== entry && file !== 'start.mjs'))(
    'is looked at before anything is loaded: %s',
    async file => {
      const folder = copy();
      cut(join(folder, 'dist', file));
      const what = damages['cut short']?.says(join(ROOT, 'dist', file));
      await expectIncomplete(folder, 'actions/render-stencil', `dist/${file} ${what}`);
    },
  );

  it('that is lost is counted if there are several', async () => {
    const folder = copy();
    for (const file of ['library/render.mjs', 'library/release.mjs', 'library/policy.mjs'])
      rmSync(join(folder, 'dist', file));
    const what = 'dist/library/policy.mjs is missing, and 2 more files are missing or damaged';
    await expectIncomplete(folder, 'actions/deploy', what);
  });

  it('that an action.yml names does nothing by half: cut anywhere, Node refuses it', () => {
    const text = readFileSync(join(ROOT, 'dist', entry), 'utf8')
      .trimEnd()
      .replace(/;$/, '');
    const runs = (length: number): boolean => {
      try {
        return new Script(text.slice(0, length)) instanceof Script;
      } catch {
        return false;
      }
    };
    expect(Array.from(text, (_, index) => index).filter(length => length > 0 && runs(length))).toEqual([]);
    expect(runs(text.length)).toBe(true);
  });

  it('that exports what the entries call says so in its last line: cut anywhere, it exports nothing', () => {
    const text = readFileSync(join(ROOT, 'dist/start.mjs'), 'utf8');
    expect(text.match(/\bexport\b/g)).toHaveLength(1);
    expect(text.trimEnd()).toMatch(/export\{\w+ as start,\w+ as startProgram\};?$/);
  });

  it('needs no package.json beside it', () => {
    expect(FILES.filter(file => basename(file) === 'package.json')).toEqual([]);
  });
});

describe('the library', () => {
  it('holds no content twice', () => {
    const contents = readdirSync(join(ROOT, 'dist'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => readFileSync(join(entry.parentPath, entry.name), 'base64'));
    expect(new Set(contents).size).toBe(contents.length);
  });
});

describe('the compile cache', () => {
  const missing = (temporary: string): Promise<unknown> =>
    runStep(jobIn(directory), {
      action: join(ROOT, 'actions/deploy'),
      environment: { RUNNER_TEMP: temporary, NODE_COMPILE_CACHE: '' },
    });
  const fresh = (mode: number): string => {
    const folder = mkdtempSync(join(directory, 'temp-'));
    chmodSync(folder, mode);
    return folder;
  };

  it("is kept in a private folder of the runner's temporary folder", async () => {
    const temporary = fresh(0o755);
    await missing(temporary);
    const cache = join(temporary, 'slipway-compile-cache');
    expect(statSync(cache).mode & 0o777).toBe(0o700);
    expect(readdirSync(cache, { recursive: true }).length).toBeGreaterThan(1);
  });

  it('is not used in a folder that others can write to', async () => {
    const temporary = fresh(0o777);
    await missing(temporary);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('is not used where someone else put a folder or a link in its place', async () => {
    const elsewhere = fresh(0o755);
    const linked = fresh(0o755);
    symlinkSync(elsewhere, join(linked, 'slipway-compile-cache'));
    await missing(linked);
    expect(readdirSync(elsewhere)).toEqual([]);
    const open = fresh(0o755);
    mkdirSync(join(open, 'slipway-compile-cache'));
    chmodSync(join(open, 'slipway-compile-cache'), 0o777);
    await missing(open);
    expect(readdirSync(join(open, 'slipway-compile-cache'))).toEqual([]);
  });
});

describe('what a runner downloads for a reference', () => {
  const archive = (): string => {
    const folder = mkdtempSync(join(directory, 'archive-'));
    const tar = execFileSync('git', ['-C', ROOT, 'archive', 'HEAD'], { maxBuffer: 2 ** 28 });
    execFileSync('tar', ['-x', '-C', folder], { input: tar });
    return folder;
  };

  it('is the actions and their bundle, and no source', () => {
    const files = execFileSync('git', ['-C', ROOT, 'archive', 'HEAD'], { maxBuffer: 2 ** 28 });
    const names = execFileSync('tar', ['-t'], { input: files, encoding: 'utf8' }).split('\n');
    const rest = names.filter(
      name => name !== '' && !name.startsWith('dist/') && !/^actions\/([\w-]+\/(action\.yml)?)?$/.test(name),
    );
    expect(rest.sort()).toEqual(['LICENSE', 'README.md', 'action.yml']);
  });

  it('renders the shop and checks it', async () => {
    const slipway = archive();
    const shop = mkdtempSync(join(directory, 'shop-'));
    cpSync(join(ROOT, 'examples/shop'), shop, { recursive: true });
    const job = jobIn(shop);
    const rendered = await runStep(job, { action: join(slipway, 'actions/render-stencil') });
    expect([rendered.exitCode, rendered.log]).toEqual([0, expect.anything()]);
    const inputs = { manifests: rendered.outputs['manifests'] ?? '' };
    const checked = await runStep(job, { action: join(slipway, 'actions/policy-check'), inputs });
    expect([checked.exitCode, checked.outputs['verdict']]).toEqual([0, 'passed']);
  });

  it.each(ACTIONS)('starts %s up to its inputs', async action => {
    const slipway = archive();
    const workspace = mkdtempSync(join(directory, 'empty-'));
    writeFileSync(join(workspace, 'slipway.yaml'), '');
    const { exitCode, annotations, log } = await runStep(jobIn(workspace), { action: join(slipway, action) });
    expect([exitCode, annotations.length > 0]).toEqual([1, true]);
    expect(log).not.toContain('bundle');
    expect(log).not.toContain('unexpected failure');
  });
});
