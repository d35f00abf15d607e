import { destinationsOf } from '../application/application.ts';
import { jobLines } from '../jobs/job.ts';
import type { Writing } from '../jobs/steps.ts';
import { type Delivery, needsWaveFile, wavesOf } from './delivery.ts';
import { onlyJob, plannedJob } from './one-destination.ts';
import { prepareJob } from './prepare.ts';
import { inlineWave, type WaveFile, waveCall } from './waves.ts';

/** The jobs of a delivery: one for a formation of one destination that no one approves, else one that prepares and then one for each wave. */
export function deliveryJobs(writing: Writing, delivery: Delivery, waveFile: WaveFile): string[] {
  const [formation, ...others] = delivery.formations;
  const isOne = formation !== undefined && others.length === 0 && destinationsOf(formation).length === 1;
  if (isOne && delivery.plan === 'none') return jobLines(writing, onlyJob(writing, delivery, formation));
  const prepare = jobLines(writing, prepareJob(writing, delivery, isOne ? 'one' : 'several'));
  if (isOne) return [...prepare, ...jobLines(writing, plannedJob(writing, delivery, formation))];
  if (!needsWaveFile(delivery)) return [...prepare, ...jobLines(writing, inlineWave(writing, delivery))];
  const calls = Array.from({ length: wavesOf(delivery.formations) }, (_, index) =>
    waveCall(writing, delivery, index, waveFile),
  );
  return [...prepare, ...calls.flat()];
}
