/**
 * The checks that every change has to pass, in the order in which they fail soonest. All of them run, so that one run shows
 * all that is wrong; the last line counts the tests, a check that failed counted as one that failed.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { formatDuration } from '@slipway/core';
import { DEFAULT_KUBERNETES, TESTED_KUBERNETES, toolPath } from '@slipway/testbed';

interface Check {
  readonly name: string;
  readonly what: string;
  command(): Promise<readonly string[]> | readonly string[];
  /** Jest's own count, for the last line. */
  readonly counts?: boolean;
}

const root = resolve(import.meta.dirname, '..');
const node = process.execPath;
const logs = mkdtempSync(join(tmpdir(), 'slipway-check-'));
/** The tools of the testbed that tests use; those of benchmarks are left out. */
const TESTED_TOOLS: readonly Parameters<typeof toolPath>[0][] = [
  ...([
    'act',
    'actionlint',
    'age-keygen',
    'buildah',
    'buildx',
    'crane',
    'helm',
    'local-kms',
    'transit',
  ] as const),
  ...(['prometheus', 'referrers-registry', 'registry-2', 'sops', 'vault'] as const),
  ...(['cel', 'dockerfile', 'kubeconfig', 'server-side-apply', 'yaml'] as const),
  ...(['chromium', 'cmark-gfm', 'gh', 'mmdebstrap', 'moto_server', 'zizmor'] as const),
];
/** Tests start thousands of processes with the same bundles, a third of whose processor time is compiling them. */
const ENVIRONMENT = { NODE_COMPILE_CACHE: join(logs, 'compile-cache'), ...process.env };
/** Lines of a failed check that are shown; its log has the rest. */
const SHOWN_LINES = 150;

function bin(name: string, ...args: string[]): readonly string[] {
  return [join(root, 'node_modules/.bin', name), ...args];
}

/** How long a test may take: it only ends a test that hangs, however slow the machine is. */
const LIMIT = '--testTimeout=600000';

function jest(project: string, ...args: string[]): readonly string[] {
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const results = ['--json', '--outputFile', resultsOf(project)];
  const program = join(root, 'node_modules/jest/bin/jest.js');
  return [node, ...flags, program, '--selectProjects', project, LIMIT, ...results, ...args];
}

function resultsOf(project: string): string {
  return join(logs, `${project}.json`);
}

/** Everything in the default version of Kubernetes, and of the other tested versions the control plane. */
function buildCommands(): readonly string[] {
  const build = `"${node}" --conditions=slipway-source testbed/src/cli.ts build --parts`;
  const others = TESTED_KUBERNETES.filter(version => version !== DEFAULT_KUBERNETES);
  return [
    `${build} cluster,registry,buildkit,node --tools ${TESTED_TOOLS.join(',')}`,
    ...others.map(version => `${build} cluster --kubernetes ${version}`),
  ];
}

/**
 * All workflows of this repository. actionlint 1.7 does not know the own repository as "$/" yet, so those that others call are read in the
 * form that releases carry.
 * @param pinned the folder that these are written to
 */
function lintCommands(actionlint: string, pinned: string): string {
  const ignored = [
    'unexpected key "queue"',
    // A workflow that another one calls is looked for below the root of this repository, where those of examples and probes are not;
    // test/workflow-linters looks at each where it is used.
    'could not read reusable workflow file for "./.github/workflows/(wave|environment-called).yml"',
  ].map(message => `-ignore '${message}'`);
  return [
    'set -e',
    `tools/release/pin-workflows.sh slipway-dev/slipway "$(git rev-parse HEAD)" "${pinned}"`,
    `set -- "${pinned}"/*.yml examples/*/.github/workflows/*.yml probe/*.yml`,
    `for file in .github/workflows/*.yml; do test -e "${pinned}/\${file##*/}" || set -- "$@" "$file"; done`,
    `"${actionlint}" ${ignored.join(' ')} "$@"`,
  ].join('\n');
}

const checks: readonly Check[] = [
  {
    name: 'types',
    what: 'the sources and the tests compile',
    command: () => ['sh', '-c', `"${bin('tsc')[0]}" -b && "${bin('tsc')[0]}" -p tsconfig.test.json`],
  },
  { name: 'lint', what: 'Biome finds nothing to fix', command: () => bin('biome', 'check', '.') },
  {
    name: 'docs',
    what: 'lists, error codes and schemas are those of the sources',
    command: () => [node, '--conditions=slipway-source', 'tools/generate-docs.ts', '--check'],
  },
  {
    name: 'dist',
    what: 'the bundles are those of the sources, byte for byte',
    command: () => [node, 'tools/bundle.ts', '--check'],
  },
  {
    name: 'actionlint',
    what: 'the workflows are sound',
    command: async () => ['sh', '-c', lintCommands(await toolPath('actionlint'), join(logs, 'pinned'))],
  },
  { name: 'unit', what: 'unit tests', command: () => jest('unit'), counts: true },
  {
    name: 'parts',
    what: 'the programs of the testbed are built, so that no time limit of a test covers a build',
    command: () => ['sh', '-c', buildCommands().join(' && ')],
  },
  {
    name: 'testbed',
    what: 'tests on the real parts',
    command: () => jest('testbed', '--maxWorkers=3'),
    counts: true,
  },
];

async function runCheck(check: Check): Promise<{ passed: number; failed: number }> {
  const started = performance.now();
  console.log(`\n▸ ${check.name}: ${check.what}`);
  const code = await runLogged(check);
  const took = formatDuration(performance.now() - started);
  console.log(`${code === 0 ? '✓' : '✗'} ${check.name} (${took})`);
  const counted = check.counts === true ? countTests(check.name) : undefined;
  if (counted === undefined) return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  // A runner that fails without a failed test, such as one that could not load a file, still fails.
  return code === 0 ? counted : { passed: counted.passed, failed: Math.max(1, counted.failed) };
}

async function runLogged(check: Check): Promise<number> {
  const log = join(logs, `${check.name}.log`);
  const lines: string[] = [];
  const [command, ...args] = await check.command();
  const code = await new Promise<number>((done, reject) => {
    const child = spawn(command ?? '', args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: ENVIRONMENT,
    });
    const file = createWriteStream(log);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        file.write(text);
        lines.push(text);
        for (const line of text.split('\n'))
          if (/^(PASS|FAIL|\[\d+\/\d+\])/.test(line)) console.log(`  ${line}`);
      });
    }
    child.on('error', reject);
    child.on('close', status => file.end(() => done(status ?? 1)));
  });
  if (code !== 0) {
    const tail = lines.join('').trimEnd().split('\n').slice(-SHOWN_LINES);
    console.log(`${tail.join('\n')}\n  the whole log: ${log}`);
  }
  return code;
}

function countTests(project: string): { passed: number; failed: number } {
  if (!existsSync(resultsOf(project))) return { passed: 0, failed: 1 };
  const results = JSON.parse(readFileSync(resultsOf(project), 'utf8')) as Record<string, number>;
  return {
    passed: results['numPassedTests'] ?? 0,
    failed: (results['numFailedTests'] ?? 0) + (results['numRuntimeErrorTestSuites'] ?? 0),
  };
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter(name => !checks.some(check => check.name === name));
if (unknown.length > 0) {
  console.error(`there is no check ${unknown.join(', ')}; ./test.sh --help lists them`);
  process.exit(2);
}

mkdirSync(logs, { recursive: true });
let passed = 0;
let failed = 0;
for (const check of checks) {
  if (chosen.length > 0 && !chosen.includes(check.name)) continue;
  const count = await runCheck(check);
  passed += count.passed;
  failed += count.failed;
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
