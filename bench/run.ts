/** `npm run bench -- <name> [arguments]`: runs one of the benchmarks of this folder, start-up unless another is named. */
import { execFileSync } from 'node:child_process';
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
  'kill-points',
  'lock-faults',
  'verify-scenarios',
  'verify-scale',
  'selector-traffic',
  'status',
  'secrets',
  'workflows',
  'init',
] as const;

const USAGE = `npm run bench -- [name] [arguments]

  ${BENCHMARKS.join('\n  ')}

Without a name it is start-up. bench/README.md says what each of them measures, and takes.
`;

const [name = 'start-up', ...rest] = process.argv.slice(2);
if (name === '--help' || name === '-h') process.stdout.write(USAGE);
else if ((BENCHMARKS as readonly string[]).includes(name)) {
  const file = resolve(import.meta.dirname, `${name}.ts`);
  execFileSync(process.execPath, ['--conditions=slipway-source', file, ...rest], { stdio: 'inherit' });
} else {
  console.error(`There is no benchmark ${JSON.stringify(name)}; choose one of ${BENCHMARKS.join(', ')}`);
  process.exitCode = 1;
}
