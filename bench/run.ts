/** `npm run bench -- <name> [arguments]`: runs one of the benchmarks of this folder, start-up unless another is named. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const BENCHMARKS = [
  'start-up',
  'rendering',
  'policy',
  'base-commit',
  'pull-request',
  'registry',
  'build',
  'deploy',
  'config-maps',
  'kill-points',
  'spawn',
  'spawn-kills',
  'lock-faults',
  'steps-kills',
  'steps-truth',
  'verify-scenarios',
  'verify-scale',
  'faulty-pods',
  'verdict',
  'selector-traffic',
  'release-traffic',
  'judging',
  'status',
  'recover',
  'destinations',
  'secrets',
  'workflows',
  'init',
  'start',
] as const;

const USAGE = `npm run bench -- [name] [arguments]

  ${BENCHMARKS.join('\n  ')}

Without a name it is start-up. bench/README.md says what each of them measures, and takes.
`;

const [name = 'start-up', ...rest] = process.argv.slice(2);
if (name === '--help' || name === '-h') process.stdout.write(USAGE);
else if ((BENCHMARKS as readonly string[]).includes(name)) {
  const file = resolve(import.meta.dirname, `${name}.ts`);
  const args = ['--conditions=slipway-source', file, ...rest];
  process.exitCode = spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
} else {
  console.error(`There is no benchmark ${JSON.stringify(name)}; choose one of ${BENCHMARKS.join(', ')}`);
  process.exitCode = 1;
}
