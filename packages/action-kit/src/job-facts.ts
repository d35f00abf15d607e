import { stat } from 'node:fs/promises';
import type { JobFacts } from '@slipway/cluster';
import { isTracked } from '@slipway/git';
import type { Runner } from '@slipway/github';

/** What tells a file that this job wrote into the workspace from one that was there before. */
export function jobFacts({ environment, workspace, exec }: Runner): JobFacts {
  return {
    isCommitted: path => isTracked(path, { exec, workspace, environment }),
    // The runner writes the event before the first step, and says nothing else of when the job began.
    startedAt: async () => {
      const event = environment['GITHUB_EVENT_PATH'];
      return event ? (await stat(event).catch(() => undefined))?.mtimeMs : undefined;
    },
  };
}
