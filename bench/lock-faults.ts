/**
 * Pairs of runs that deploy one formation at the same time, each through a proxy that delays, drops and is cut off at random, before a
 * real API server. Afterwards every object must be as the record of the last release says; anything else is the exit code 1.
 *   node_modules/.bin/node --conditions=slipway-source bench/lock-faults.ts [PAIRS:MILLISECONDS of a lease[:PAIRS at once[:first seed]]]…
 * An interrupt ends it after the pairs that are under way.
 */
import { startTestbed } from '@slipway/testbed';
import { connect } from '@slipway/testkit/cluster';
import { runPair } from '../packages/release/test/lock-pairs.ts';

const series = process.argv.length > 2 ? process.argv.slice(2) : ['500:1500:16', '10:30000:10'];

const testbed = await startTestbed({ parts: ['cluster'] });
const kubeconfig = testbed.cluster?.kubeconfig ?? '';
const direct = await connect(kubeconfig);

let isStopping = false;
process.once('SIGINT', () => {
  isStopping = true;
});

/** @returns how many pairs went wrong */
async function runSeries(pairs: number, lease: number, atOnce: number, first: number): Promise<number> {
  const totals: Record<string, number> = {};
  const count = (what: string, number: number): void => {
    totals[what] = (totals[what] ?? 0) + number;
  };
  let [done, wrong] = [0, 0];
  const seeds = Array.from({ length: pairs }, (_, index) => first + index).values();
  const work = async (): Promise<void> => {
    for (const seed of seeds) {
      if (isStopping) return;
      const { differences, ends, counts } = await runPair({ kubeconfig, direct, seed, lease });
      done += 1;
      if (done % 25 === 0) console.error(`lease ${lease} ms: ${done} pairs, ${wrong} of them went wrong`);
      for (const end of ends) count(`a run ended with: ${end}`, 1);
      for (const [what, number] of Object.entries(counts)) count(what, number);
      if (differences.length === 0) continue;
      wrong += 1;
      console.error(`lease ${lease} ms, seed ${seed}: ${differences.join('; ')}; runs: ${ends.join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(
    `| lease | pairs | went wrong |\n|---|---:|---:|\n| ${lease / 1000} s | ${done} | ${wrong} |\n`,
  );
  for (const [what, number] of Object.entries(totals).sort()) console.log(`| ${what} | ${number} |`);
  return wrong;
}

try {
  const wrong = await Promise.all(
    series.map(text => {
      const [pairs = 0, lease = 0, atOnce = 1, first = 1] = text.split(':').map(Number);
      return runSeries(pairs, lease, atOnce, first);
    }),
  );
  process.exitCode = wrong.every(number => number === 0) ? 0 : 1;
} finally {
  direct.close();
  await testbed.stop();
}
