import { createProgress } from '../build/progress.ts';
import type { Surroundings } from './options.ts';

/** This process's own, for tests and scripts that have no reason to choose. */
export function defaultSurroundings(log: (line: string) => void = () => {}): Surroundings {
  return { environment: process.env, progress: createProgress({ line: log }), now: () => new Date() };
}
