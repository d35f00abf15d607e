/**
 * Pairs of runs that deploy one formation at the same time, each through a proxy that delays, drops and is cut off at random, before a
 * real API server. Afterwards every object must be as the record of the last release says; anything else is the exit code 1.
 *   node_modules/.bin/node --conditions=slipway-source bench/lock-faults.ts [pairs] [milliseconds of a lease] [first seed] [at once]
 */
import { startTestbed } from '@slipway/testbed';
import { connect } from '../packages/release/test/fixture.ts';
import { runPair } from '../packages/release/test/lock-pairs.ts';

const [pairs = 500, lease = 1_500, first = 1, atOnce = 6] = process.argv.slice(2).map(Number);

const testbed = await startTestbed({ parts: ['cluster'] });
const kubeconfig = testbed.cluster?.kubeconfig ?? '';
const direct = await connect(kubeconfig);
const totals: Record<string, number> = {};
const count = (what: string, number: number): void => {
  totals[what] = (totals[what] ?? 0) + number;
};
let wrong = 0;
try {
  const seeds = Array.from({ length: pairs }, (_, index) => first + index).values();
  const work = async (): Promise<void> => {
    for (const seed of seeds) {
      const { differences, ends, counts } = await runPair({ kubeconfig, direct, seed, lease });
      for (const end of ends) count(`run ended: ${end}`, 1);
      for (const [what, number] of Object.entries(counts)) count(`fault: ${what}`, number);
      if (differences.length === 0) continue;
      wrong += 1;
      console.error(`seed ${seed}: ${differences.join('; ')}; runs: ${ends.join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
} finally {
  direct.close();
  await testbed.stop();
}
console.log(`| lease | pairs | went wrong |\n|---|---:|---:|\n| ${lease / 1000} s | ${pairs} | ${wrong} |\n`);
for (const [what, number] of Object.entries(totals).sort()) console.log(`| ${what} | ${number} |`);
process.exitCode = wrong === 0 ? 0 : 1;
