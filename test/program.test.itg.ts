import { spawnSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Explanation, type Finding, parseReport, type Rendering, SLIPWAY_VERSION } from '@slipway/core';
import { readRenderedTree } from '@slipway/render';
import { createJob, runStep, type StepResult } from '@slipway/testbed/runner';
import { filesOf, git, pullRequest, repository, scratch, shallowCheckout, write } from '@slipway/testkit/git';
import { reviewPullRequest } from '@slipway/testkit/pull-requests';
import { withPreview } from '@slipway/testkit/shop';
import { fixedAnswers } from '../packages/cli/src/index.ts';
import { ROOT } from './support/sources.ts';

const SHOP = filesOf(join(ROOT, 'examples/shop'), '');
const PATH = '/usr/bin:/bin';

let shop: string;
beforeAll(() => {
  shop = repository(SHOP);
});

interface Answer {
  readonly exitCode: number | null;
  readonly printed: string;
  readonly complaints: string;
}

/** The program as users run it: its bundle, in a folder of theirs. */
function slipway(folder: string, args: readonly string[], program = join(ROOT, 'dist/slipway.js')): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: folder,
    env: { PATH, HOME: '/nonexistent', TMPDIR: scratch() },
    encoding: 'utf8',
  });
  return { exitCode: status, printed: stdout, complaints: stderr };
}

/** The action as a runner runs it, in the same folder. */
async function action(
  name: string,
  workspace: string,
  inputs: Record<string, string> = {},
): Promise<StepResult> {
  const job = createJob({ workspace, directory: scratch(), path: PATH });
  return await runStep(job, { action: join(ROOT, 'actions', name), inputs });
}

/** A repository with these changes in its working tree. */
function shopWith(path: string, change: (text: string) => string): string {
  const folder = repository(SHOP);
  const text = readFileSync(join(folder, path), 'utf8');
  expect(change(text)).not.toBe(text);
  write(folder, { [path]: change(text) });
  return folder;
}

const PRIVILEGED = (text: string): string =>
  text.replace('allowPrivilegeEscalation: false', 'privileged: true');
const DOLLARS = (text: string): string => text.replace('currency: EUR', 'currency: USD');

describe('slipway render', () => {
  it('makes the tree that render-stencil makes, with the same digests', async () => {
    const { exitCode, printed } = slipway(shop, ['render', '--output', 'rendered', '--json']);
    const rendering = JSON.parse(printed) as Rendering;
    const { outputs } = await action('render-stencil', shop);
    expect([exitCode, rendering.digest]).toEqual([0, outputs['digest']]);
    const trees = await readRenderedTree(outputs['manifests'] ?? '');
    expect(rendering.destinations.map(({ digest }) => digest)).toEqual(
      trees.map(({ rendered }) => rendered.digest),
    );
    const kept = await readRenderedTree(join(shop, 'rendered'));
    expect(kept.map(({ manifests }) => [...manifests])).toEqual(trees.map(({ manifests }) => [...manifests]));
    expect(rendering.configRevision).toBe(outputs['config-revision']);
  });

  it('names no commit where the working tree is another one', () => {
    const { printed, complaints } = slipway(shopWith('config/shop.yaml', DOLLARS), ['render', '--json']);
    expect(JSON.parse(printed)).not.toHaveProperty('configRevision');
    expect(complaints).toContain('rendered with 1 file not as in the commit that is checked out');
  });

  it('works in a folder of a larger checkout, with positions from its root', async () => {
    const folder = repository(
      Object.fromEntries(Object.entries(SHOP).map(([path, text]) => [`apps/shop/${path}`, text])),
    );
    const { printed } = slipway(join(folder, 'apps/shop'), ['render', '--json']);
    const { outputs } = await action('render-stencil', folder, { application: 'apps/shop/slipway.yaml' });
    expect((JSON.parse(printed) as Rendering).digest).toBe(outputs['digest']);
    expect(slipway(join(folder, 'apps/shop'), ['explain', 'config/shop.yaml:9']).printed).toContain(
      'filled by us.production.shop.currency (apps/shop/config/shop.yaml:9:',
    );
  });
});

describe('slipway check', () => {
  it('finds what policy-check finds, and fails where it fails', async () => {
    const folder = shopWith('stencils/api.yaml', PRIVILEGED);
    const { exitCode, printed } = slipway(folder, ['check', '--json']);
    const rendered = await action('render-stencil', folder);
    const checked = await action('policy-check', folder, { manifests: rendered.outputs['manifests'] ?? '' });
    const reports = (checked.outputs['report'] ?? '')
      .split('\n')
      .map(path => parseReport(readFileSync(path, 'utf8'), path));
    const theirs = reports.flatMap(({ findings }) => findings);
    expect(theirs.length).toBeGreaterThan(2);
    expect(sorted(parseReport(printed, 'the answer').findings)).toEqual(sorted(theirs));
    expect([exitCode, checked.exitCode]).toEqual([1, 1]);
  });

  it('takes the rules of another commit, which the working tree cannot weaken', () => {
    const folder = shopWith('policies/ownership.yaml', () => '');
    write(folder, {
      'stencils/api.yaml': String(readFileSync(join(folder, 'stencils/api.yaml'))).replaceAll(
        ', team: checkout',
        '',
      ),
    });
    expect(slipway(folder, ['check']).exitCode).toBe(0);
    expect(slipway(folder, ['check', '--base', 'main']).exitCode).toBe(1);
  });
});

function sorted(findings: readonly Finding[]): string[] {
  return findings.map(finding => JSON.stringify(finding)).sort();
}

describe('slipway explain', () => {
  it('says of a line of the result what render-stencil says of it', async () => {
    const line = 'production/us/manifests/settings.yaml:8';
    const { exitCode, printed } = slipway(shop, ['explain', line, '--json']);
    const { log } = await action('render-stencil', shop, { explain: line });
    const { parts } = JSON.parse(printed) as Explanation;
    expect([exitCode, parts.length > 0]).toEqual([0, true]);
    for (const { pointer, at, filledBy } of parts) {
      expect(log).toContain(pointer);
      expect(log).toContain(`${at.path}:${at.line}:${at.column}`);
      for (const { address } of filledBy) expect(log).toContain(address);
    }
  });
});

describe('slipway diff', () => {
  it('shows what a change does to the instance of a pull request, by the block of the base', () => {
    const added = Object.entries(withPreview).map(([path, text]) => [path, text('')]);
    const folder = repository({ ...SHOP, ...Object.fromEntries(added) });
    const config = 'config/preview.yaml';
    write(folder, {
      [config]: readFileSync(join(folder, config), 'utf8').replace('db.preview', 'db-2.preview'),
    });
    const { printed, complaints } = slipway(folder, ['diff', '--spawn', '1234']);
    expect(printed).toContain('[preview-1234/dev]');
    expect(printed).toContain('~ Secret shop-previews/pr-1234-database [preview-1234/dev]');
    expect(complaints).not.toContain('is spawned');
    const planned = slipway(folder, ['plan', '--spawn', '1234', '--without-cluster']);
    expect(planned.printed).toContain('shop/preview-1234 at dev, namespace shop-previews');
    const checked = slipway(folder, ['check', '--spawn', 'feature/A', '--base', 'HEAD']);
    expect(checked.printed).toMatch(/^preview-feature-a-[0-9a-f]{5}\/dev: passed, /);
  });

  it('says of a change what the pull-request action says of it, and nothing of none', async () => {
    const files = { 'config/shop.yaml': DOLLARS(String(SHOP['config/shop.yaml'])) };
    const origin = repository(SHOP);
    const commits = pullRequest(origin, files);
    const { summary } = await reviewPullRequest({ edits: {}, of: { origin, commits } });
    git(origin, 'checkout', '--quiet', commits.head);
    const { exitCode, printed } = slipway(origin, ['diff', '--base', 'main']);
    const [title = ''] = printed.split('\n');
    expect(title).toMatch(/^\d+ objects? changes? in /);
    expect([exitCode, summary.includes(title)]).toEqual([0, true]);
    expect(printed).toContain('data.CURRENCY: EUR -> USD');
    expect(slipway(origin, ['diff']).printed).toBe('no manifest changes\n');
  });

  it('says what is not committed beside HEAD', () => {
    const { exitCode, printed } = slipway(shopWith('config/shop.yaml', DOLLARS), ['diff', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(printed)).toMatchObject({
      destinations: [{ name: 'production/eu', changes: [{}, {}] }, {}, {}],
    });
  });

  it('answers nothing about a commit that a shallow clone does not have', () => {
    const folder = shallowCheckout(shop, git(shop, 'rev-parse', 'main'));
    const { exitCode, printed, complaints } = slipway(folder, ['diff', '--base', 'v1']);
    expect([exitCode, printed]).toEqual([2, '']);
    expect(complaints).toContain('(revision-unknown)');
  });
});

describe('slipway workflows', () => {
  it('writes the workflows of a new application, and finds nothing to do then', () => {
    const folder = repository({ ...SHOP, '.github': undefined });
    rmSync(join(folder, '.github'), { recursive: true, force: true });
    expect(slipway(folder, ['workflows', '--check']).exitCode).toBe(1);
    expect(slipway(folder, ['workflows']).printed).toContain('wrote .github/workflows/release.yml');
    expect(slipway(folder, ['workflows', '--check'])).toEqual({ exitCode: 0, printed: '', complaints: '' });
  });
});

/** What a shell makes of a line, in which `slipway` is the program. */
function shell(line: string) {
  const script = `slipway() { "${process.execPath}" "${join(ROOT, 'dist/slipway.js')}" "$@"; }; ${line}`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd: shop, encoding: 'utf8' });
  return { exitCode: status, printed: stdout, complaints: stderr };
}

describe('an answer that does not arrive', () => {
  const LOST =
    /^error: standard output cannot be written \(ENOSPC\), so that the answer is lost .* \(answer-unwritable\)\n$/;

  it.each(['render', 'render --json', 'explain config/shop.yaml:9', 'diff --help', '--version'])(
    'is one sentence and exit code 2 on a full disk: %s',
    line => {
      const { exitCode, complaints } = shell(`slipway ${line} > /dev/full`);
      expect([exitCode, complaints]).toEqual([2, expect.stringMatching(LOST)]);
    },
  );

  it.each(['render', 'explain config/shop.yaml:9', '--help'])(
    'is exit code 2 without a sentence where its reader has closed the pipe: %s',
    line => {
      const { printed, complaints } = shell(
        `exec 4> >(true); wait "$!"; slipway ${line} >&4 && code=0 || code="$?"; echo "$code"`,
      );
      expect([printed, complaints]).toEqual(['2\n', '']);
    },
  );

  it('fails where what is wrong cannot be said', () => {
    expect(shell('slipway nothing 2> /dev/full').exitCode).toBe(2);
    expect(shell('slipway render --set currency=X 2> /dev/full').exitCode).toBe(2);
  });
});

describe('the program', () => {
  it('answers --help and --version without its library as with it', () => {
    const folder = scratch();
    cpSync(join(ROOT, 'dist'), folder, { recursive: true });
    rmSync(join(folder, 'library'), { recursive: true });
    const answers = Object.entries(fixedAnswers());
    expect(answers.length).toBeGreaterThan(5);
    for (const [line, answer] of answers)
      expect(slipway(folder, line.split(' '), join(folder, 'slipway.js'))).toEqual({
        ...{ exitCode: 0, printed: `${answer}\n`, complaints: '' },
      });
    expect(answers).toContainEqual(['--version', SLIPWAY_VERSION]);
  });

  it.each(['start.mjs', 'library/cli-run-in-process.mjs', 'library/slipway.mjs'])(
    'is one sentence and exit code 2 where its bundle is not whole: %s',
    file => {
      const folder = scratch();
      cpSync(join(ROOT, 'dist'), folder, { recursive: true });
      truncateSync(join(folder, file));
      const { exitCode, printed, complaints } = slipway(shop, ['render'], join(folder, 'slipway.js'));
      expect([exitCode, printed]).toEqual([2, '']);
      expect(complaints).toMatch(
        /^error: the bundle is incomplete: dist\/.*; install slipway again \(bundle-incomplete\)\n$/,
      );
      expect(complaints).toContain(`dist/${file}`);
    },
  );

  it('says which Node it needs to one that is too old', () => {
    const older = join(scratch(), 'older.cjs');
    writeFileSync(older, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--require', older, join(ROOT, 'dist/slipway.js'), 'render'],
      { cwd: shop, encoding: 'utf8' },
    );
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'error: Slipway needs Node 24 or newer, and this is 20.20.2; install a newer one (node-too-old)\n',
    );
  });

  it('has colours on a terminal, and none with NO_COLOR or in a pipe', () => {
    const folder = shopWith('stencils/api.yaml', PRIVILEGED);
    const command = `${process.execPath} ${join(ROOT, 'dist/slipway.js')} check`;
    const onTerminal = (environment: Record<string, string>): string =>
      spawnSync('script', ['-qec', command, '/dev/null'], {
        cwd: folder,
        env: { PATH, TERM: 'xterm', ...environment },
        encoding: 'utf8',
      }).stdout;
    expect(onTerminal({})).toContain('\u001b[31m');
    expect(onTerminal({ NO_COLOR: '1' })).toContain('privileged');
    expect(onTerminal({ NO_COLOR: '1' })).not.toContain('\u001b');
    expect(slipway(folder, ['check']).printed).not.toContain('\u001b');
  });

  it('says a file that is not YAML with its position, once, and nothing else', () => {
    const folder = repository(SHOP);
    writeFileSync(join(folder, 'stencils/broken.yaml'), 'a: [\n');
    for (const command of ['render', 'check', 'diff']) {
      const { exitCode, printed, complaints } = slipway(folder, [command, '--json']);
      expect([command, exitCode, printed]).toEqual([command, 2, '']);
      expect(complaints).toMatch(/^error: stencils\/broken\.yaml:\d+:\d+: .*\([a-z-]+\)\n$/);
    }
  });
});
