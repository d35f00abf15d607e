import { createProgress } from '../build/progress.ts';
import type { Surroundings } from './options.ts';

/** The surroundings of this process, for tests and scripts. */
export function defaultSurroundings(log: (line: string) => void = () => {}): Surroundings {
  return { environment: process.env, progress: createProgress({ line: log }), now: () => new Date() };
}
