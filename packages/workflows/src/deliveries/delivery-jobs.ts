import { jobLines } from '../jobs/job.ts';
import type { Writing } from '../jobs/steps.ts';
import { type Delivery, isOfOne, needsStepsFile, needsWaveFile, wavesOf } from './delivery.ts';
import { decidingJobs, onlyJob, plannedJob } from './one-destination.ts';
import { prepareJob } from './prepare.ts';
import { stepsCall } from './steps-call.ts';
import { inlineWave, type WaveFile, waveCall } from './waves.ts';

/** The files that the jobs of several destinations are in. */
export interface CalledFiles {
  readonly waves: WaveFile;
  readonly steps: WaveFile;
}

/** The jobs of a delivery: one for a formation of one destination that no one approves, else one that prepares and then one for each wave. */
export function deliveryJobs(writing: Writing, delivery: Delivery, files: CalledFiles): string[] {
  const [formation] = delivery.formations;
  const isOne = isOfOne(delivery);
  const prepare =
    isOne && delivery.plan === 'none'
      ? []
      : jobLines(writing, prepareJob(writing, delivery, isOne ? 'one' : 'several'));
  if (isOne && formation !== undefined) {
    const job = prepare.length === 0 ? onlyJob : plannedJob;
    return [
      ...prepare,
      ...jobLines(writing, job(writing, delivery, formation)),
      ...decidingJobs(writing, delivery, formation),
    ];
  }
  if (!needsWaveFile(delivery) && !needsStepsFile(delivery))
    return [...prepare, ...jobLines(writing, inlineWave(writing, delivery))];
  const calls = Array.from({ length: wavesOf(delivery.formations) }, (_, index) =>
    needsStepsFile(delivery)
      ? stepsCall(writing, delivery, index, files.steps)
      : waveCall(writing, delivery, index, files.waves),
  );
  return [...prepare, ...calls.flat()];
}
