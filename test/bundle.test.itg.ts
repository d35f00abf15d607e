import { execFileSync } from 'node:child_process';
import {
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
import { join } from 'node:path';
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
const LIBRARY = readdirSync(join(ROOT, 'dist/library')).map(file => `library/${file}`);

function jobIn(workspace: string): Job {
  return createJob({ workspace, directory, path: '/usr/bin:/bin' });
}

/** All that a runner downloads, in a folder of its own. */
function copy(): string {
  const folder = mkdtempSync(join(directory, 'copy-'));
  copyActions(ROOT, folder);
  return folder;
}

const damages: Record<string, (path: string) => void> = {
  missing: path => rmSync(path),
  empty: path => truncateSync(path),
};

describe.each(ACTIONS)('the bundle of %s', action => {
  const own = action === '.' ? 'library/slipway.js' : `library/action-${action.replace('actions/', '')}.js`;

  it.each(
    [
      'start.js',
      'library/slipway.js',
      own,
      'library/kubernetes-client-node.js',
      'library/kubernetes-1.34.json.br',
    ].flatMap(file => Object.keys(damages).map(damage => [file, damage] as const)),
  )('says in one sentence that %s is %s', async (file, damage) => {
    const folder = copy();
    damages[damage]?.(join(folder, 'dist', file));
    const { exitCode, annotations, log, outputs } = await runStep(jobIn(folder), {
      action: join(folder, action),
    });
    const message = `the bundle is incomplete: dist/${file} is missing or empty; delete the runner's copy of the action and run the job again (bundle-incomplete)`;
    expect(exitCode).toBe(1);
    expect(annotations).toEqual([
      expect.objectContaining({ severity: 'error', title: 'Slipway: bundle-incomplete', message }),
    ]);
    expect(log).not.toMatch(/^\s+at /m);
    if (file !== 'start.js') expect(outputs).toEqual({ error: 'bundle-incomplete' });
  });

  it('says so of a file that was cut short', async () => {
    const folder = copy();
    const path = join(folder, 'dist', own);
    truncateSync(path, Math.floor(statSync(path).size / 2));
    const { exitCode, annotations, log } = await runStep(jobIn(folder), { action: join(folder, action) });
    expect([exitCode, annotations.map(({ title }) => title)]).toEqual([1, ['Slipway: bundle-incomplete']]);
    expect(log).toMatch(/the bundle is incomplete: a file in dist\/library cannot be loaded \(.+\); delete/);
    expect(log).not.toMatch(/^\s+at /m);
  });
});

describe('the library', () => {
  it.each(LIBRARY)('is looked through for %s before anything is loaded', async file => {
    const folder = copy();
    rmSync(join(folder, 'dist', file));
    const { exitCode, log } = await runStep(jobIn(folder), {
      action: join(folder, 'actions/render-stencil'),
    });
    expect([exitCode, log]).toEqual([1, expect.stringContaining(`dist/${file} is missing or empty`)]);
  });

  it('counts the files if several are missing', async () => {
    const folder = copy();
    for (const file of ['library/render.js', 'library/yaml.js', 'library/policy.js'])
      rmSync(join(folder, 'dist', file));
    const { log } = await runStep(jobIn(folder), { action: join(folder, 'actions/deploy') });
    expect(log).toContain('dist/library/policy.js and 2 more files are missing or empty');
  });

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
      environment: { RUNNER_TEMP: temporary },
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
