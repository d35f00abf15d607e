/**
 * The walk of docs/start.md with a stopwatch, by the test that walks it: `npm run bench -- start` writes bench/results/start.md. It takes
 * root, and a quarter of an hour on a busy machine.
 */
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const file = resolve(import.meta.dirname, 'results/start.md');

execFileSync('npm', ['run', '--silent', 'test:itg', '--', 'test/start.test'], {
  cwd: ROOT,
  env: { ...process.env, SLIPWAY_STOPWATCH: file },
  stdio: 'inherit',
});
