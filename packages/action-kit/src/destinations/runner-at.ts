import { join } from 'node:path';
import type { Runner } from '@slipway/github';
import type { ByDestination } from './outputs-by-destination.ts';

/** Where what is said and left at one destination goes. */
export interface Kept {
  readonly outputs: ByDestination;
  readonly states: ByDestination;
  readonly summary: string[];
}

/** The runner as the work at one of several destinations sees it: what it says has the destination's name, what it leaves is its own. */
export function runnerAt(runner: Runner, destination: string, { outputs, states, summary }: Kept): Runner {
  const say = (message: string): string => `${destination}: ${message}`;
  const { logger } = runner;
  return {
    ...runner,
    temporaryDirectory: temporaryAt(runner.temporaryDirectory, destination),
    logger: {
      debug: message => logger.debug(say(message)),
      info: message => logger.info(say(message)),
      warning: message => logger.warning(say(message)),
    },
    setOutput: (name, value) => outputs.set(destination, name, value),
    saveState: (name, value) => states.set(destination, name, value),
    // A message begins with its position, by which it is known again.
    annotate: annotation =>
      runner.annotate({ ...annotation, message: `${annotation.message} [${destination}]` }),
    addSummary: markdown => void summary.push(markdown),
    // The lines of others come in between, and would be folded too.
    group(title, work) {
      logger.info(say(title));
      return work();
    },
  };
}

/** Each destination has a folder, as the files of one must not overwrite those of another. */
export function temporaryAt(temporaryDirectory: string, destination: string): string {
  return join(temporaryDirectory, 'slipway-destinations', destination);
}
