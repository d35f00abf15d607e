/** Sums the results of several runs of jest: `node tools/count-tests.ts a.json b.json` prints "N passed, N failed". */
import { existsSync, readFileSync } from 'node:fs';

interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  /** Files that could not even be loaded. */
  readonly numRuntimeErrorTestSuites: number;
}

let passed = 0;
let failed = 0;
for (const path of process.argv.slice(2)) {
  if (!existsSync(path)) {
    console.error(`${path} was not written: that run of jest broke down`);
    failed += 1;
    continue;
  }
  const results = JSON.parse(readFileSync(path, 'utf8')) as JestResults;
  passed += results.numPassedTests;
  failed += results.numFailedTests + results.numRuntimeErrorTestSuites;
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
