import { formatProblem, once, SlipwayError } from '@slipway/core';
import type { PullSeen, Pulls } from '@slipway/delivery';
import { openGitHubApi, type Runner, readPullState, readRepositoryId } from '@slipway/github';

/** The pull requests of the run's repository. What GitHub does not say plainly is not known. */
export function openPulls(token: string, { context, signal, logger }: Runner): Pulls {
  const { repository, apiUrl } = context;
  const open = once(() => openGitHubApi({ apiUrl, token, signal, logger }));
  const canAsk = token !== '' && repository !== '';
  return {
    async look(number) {
      if (!canAsk) return unknown('the step has no token for GitHub');
      return await plainly(
        unknown,
        async () => await readPullState(await open(), repository, number),
        signal,
      );
    },
    repositoryId: once(async () =>
      canAsk
        ? await plainly(
            () => undefined,
            async () => await readRepositoryId(await open(), repository),
            signal,
          )
        : undefined,
    ),
  };
}

function unknown(why: string): PullSeen {
  return { state: 'unknown', why };
}

async function plainly<Result>(
  otherwise: (why: string) => Result,
  ask: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    return otherwise(error.problems.map(formatProblem).join('; '));
  }
}
