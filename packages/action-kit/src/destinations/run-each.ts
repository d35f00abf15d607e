import { mkdir } from 'node:fs/promises';
import { inParallel, type Problem, SlipwayError, throwIfAny } from '@slipway/core';
import {
  type GithubErrorCode,
  type PostStep,
  problemsOf,
  type Runner,
  type SavedState,
} from '@slipway/github';
import { outputsByDestination, savedAt, statesByDestination } from './outputs-by-destination.ts';
import type { AtDestination, EachDestination } from './read-each.ts';
import { runnerAt, temporaryAt } from './runner-at.ts';

/** Destinations at once: more would wait for one another's requests, and each needs memory for its objects. */
const AT_ONCE = 4;

/** What is done at one destination, with its own inputs and runner. */
type Work<Inputs> = (inputs: Inputs, runner: Runner) => Promise<void>;

/** An earlier step of the run has failed at that destination. */
const NOTHING: Problem<GithubErrorCode> = {
  code: 'nothing-left',
  message: 'the step before has left no release here, so that there is nothing to look at',
  remedy: 'see what that step says of this destination',
};

interface Ended {
  readonly destination: string;
  readonly problems: readonly Problem[];
  readonly summary: readonly string[];
}

/**
 * Does an action's work at each destination, some at a time. One that fails does not stop the others; the step fails once all have ended.
 * @throws SlipwayError with every problem of every destination, in their order, each with its destination's name
 */
export async function runEach<Inputs>(
  each: EachDestination<Inputs>,
  runner: Runner,
  work: Work<Inputs>,
): Promise<void> {
  const [only, ...others] = each;
  if (others.length === 0 && only.inputs !== undefined) return await work(only.inputs, runner);
  const left = { outputs: outputsByDestination(runner), states: statesByDestination(runner) };
  const ended = await inParallel(
    each,
    async ({ destination, inputs }): Promise<Ended> => {
      const summary: string[] = [];
      const problems = await failuresOf(async () => {
        if (inputs === undefined) throw new SlipwayError(NOTHING);
        await mkdir(temporaryAt(runner.temporaryDirectory, destination), { recursive: true });
        await work(inputs, runnerAt(runner, destination, { ...left, summary }));
      }, runner);
      return { destination, summary, problems };
    },
    AT_ONCE,
  );
  runner.addSummary(overview(ended));
  for (const { destination, summary } of ended)
    if (summary.length > 0) runner.addSummary(page(destination, summary));
  const found = ended.flatMap(({ destination, problems }) =>
    problems.map(problem => at(destination, problem)),
  );
  // What a cancelled run has done to its end all the same is done.
  if (found.length > 0) runner.signal.throwIfAborted();
  throwIfAny(found);
}

/** What the post step does for each destination of a run that was killed. */
export function postEach<Inputs>(post: PostStep<Inputs>): PostStep<EachDestination<Inputs>> {
  return async (each, runner, saved) => {
    const [only, ...others] = each;
    if (others.length === 0) return await postAt(post, only, runner, saved);
    const problems: Problem[] = [];
    for (const one of each) {
      const found = await failuresOf(
        () => postAt(post, one, runner, savedAt(saved, one.destination)),
        runner,
      );
      problems.push(...found.map(problem => at(one.destination, problem)));
    }
    throwIfAny(problems);
  };
}

async function postAt<Inputs>(
  post: PostStep<Inputs>,
  { inputs }: AtDestination<Inputs>,
  runner: Runner,
  saved: SavedState,
): Promise<void> {
  if (inputs !== undefined) await post(inputs, runner, saved);
}

/** What failed at one destination: none of it, whatever it is, must hide what became of the others. */
async function failuresOf(work: () => Promise<void>, { logger }: Runner): Promise<readonly Problem[]> {
  try {
    await work();
    return [];
  } catch (error) {
    if (!(error instanceof SlipwayError))
      logger.debug(error instanceof Error ? `${error.stack}` : String(error));
    return problemsOf(error);
  }
}

function at(destination: string, problem: Problem): Problem {
  return { ...problem, message: `${destination}: ${problem.message}` };
}

function overview(ended: readonly Ended[]): string {
  const rows = ended.map(({ destination, problems: [first] }) =>
    first === undefined ? `| ✅ | ${destination} | |` : `| ❌ | ${destination} | ${first.code} |`,
  );
  return ['| | Destination | |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function page(destination: string, summary: readonly string[]): string {
  return [`## ${destination}`, ...summary].join('\n\n');
}
