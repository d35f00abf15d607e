import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { commit, type Files, git, repository, scratch } from '@slipway/testkit/git';
import { runWorkflow, type WorkflowRun } from './support/act.ts';
import { blocksOf } from './support/page-blocks.ts';
import { ROOT } from './support/sources.ts';

const run = promisify(execFile);

const PAGE = readFileSync(join(ROOT, 'docs/monorepos.md'), 'utf8');
const SCRIPT = blockOf('.github/touched.sh');
const TESTS = blockOf('.github/workflows/tests.yml');
const UNKNOWN = '0'.repeat(40);

/** The block of the page that names a file, be it below the line that says what runs it. */
function blockOf(file: string): string {
  const named = blocksOf(PAGE).find(({ text }) =>
    text.split('\n', 2).some(line => line.startsWith(`# ${file}`)),
  );
  return named?.text ?? '';
}

const REPOSITORY: Files = {
  '.github/touched.sh': SCRIPT,
  '.github/workflows/tests.yml': TESTS,
  'lib/words.txt': 'hello\n',
  'README.md': '# Both\n',
  'services/blog/slipway.yaml': 'metadata: { name: blog }\n',
  'services/blog/Makefile': 'test:\n\techo blog is tested\n',
  'services/shop/slipway.yaml': 'metadata: { name: shop }\n',
  'services/shop/Makefile': 'test:\n\techo shop is tested\n',
};

/** A repository with one change after its first commit. */
function changed(files: Files): { readonly folder: string; readonly since: string } {
  const folder = repository(REPOSITORY);
  const since = git(folder, 'rev-parse', 'HEAD');
  commit(folder, files, 'A change');
  return { folder, since };
}

describe('the script of docs/monorepos.md', () => {
  async function touched(folder: string, since: string): Promise<readonly string[]> {
    const { stdout } = await run('bash', ['.github/touched.sh', since], { cwd: folder });
    const applications = JSON.parse(stdout) as { name: string; file: string }[];
    for (const { name, file } of applications) expect(file).toBe(`services/${name}/slipway.yaml`);
    return applications.map(({ name }) => name);
  }

  it.each<readonly [string, Files, readonly string[]]>([
    ['only the application that changed', { 'services/shop/Makefile': 'test:\n' }, ['shop']],
    ['none where nothing of any changed', { 'README.md': '# Two\n' }, []],
    ['all where something shared changed', { 'lib/words.txt': 'hi\n' }, ['blog', 'shop']],
    ['all where a workflow changed', { '.github/workflows/more.yml': 'on: push\n' }, ['blog', 'shop']],
    ['one that is new', { 'services/news/slipway.yaml': 'metadata: { name: news }\n' }, ['news']],
  ])('names %s', async (_, files, expected) => {
    const { folder, since } = changed(files);
    expect(await touched(folder, since)).toEqual(expected);
  });

  it('names all where the commit is not known, as for a new branch', async () => {
    const { folder } = changed({ 'README.md': '# Two\n' });
    expect(await touched(folder, UNKNOWN)).toEqual(['blog', 'shop']);
  });
});

describe('the gate of docs/monorepos.md', () => {
  let one: WorkflowRun;
  let none: WorkflowRun;
  let failing: WorkflowRun;
  let broken: WorkflowRun;

  beforeAll(async () => {
    one = await test({ 'services/shop/Makefile': 'test:\n\techo shop is tested again\n' });
    none = await test({ 'README.md': '# Two\n' });
    failing = await test({ 'services/blog/Makefile': 'test:\n\tfalse\n' });
    broken = await test({ '.github/touched.sh': 'exit 3\n' });
  }, 600_000);

  async function test(files: Files): Promise<WorkflowRun> {
    const { folder, since } = changed(files);
    return await runWorkflow({
      repository: folder,
      file: 'tests.yml',
      event: 'pull_request',
      payload: {
        pull_request: { number: 1, base: { sha: since }, head: { sha: git(folder, 'rev-parse', 'HEAD') } },
      },
      secrets: {},
      environment: {},
      path: '/usr/bin:/bin',
      home: scratch(),
    });
  }

  function resultsOf({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
    return Object.fromEntries(jobs.map(({ id, result }) => [id, result]));
  }

  it('passes once the tests of what was touched have passed', () => {
    expect(resultsOf(one)).toEqual({ touched: 'success', test: 'success', gate: 'success' });
    expect(one.log).toContain('shop is tested again');
    expect(one.log).not.toContain('blog is tested');
  });

  it('passes where nothing was touched', () => {
    expect(resultsOf(none)).toMatchObject({ touched: 'success', gate: 'success' });
    expect(none.log).not.toContain('is tested');
  });

  it('fails where a test fails', () => {
    expect(resultsOf(failing)).toMatchObject({ test: 'failure', gate: 'failure' });
  });

  it('fails where it is not known what was touched', () => {
    expect(resultsOf(broken)).toMatchObject({ touched: 'failure', gate: 'failure' });
    expect(broken.log).not.toContain('is tested');
  });
});
