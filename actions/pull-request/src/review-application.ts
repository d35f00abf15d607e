import { reachCluster } from '@slipway/action-kit';
import { type Clock, defined, type Problem, quote, type Report, SlipwayError } from '@slipway/core';
import { openHeads } from '@slipway/git';
import { baseCommitOf, type GitHubApi, type Runner, remoteCommits } from '@slipway/github';
import {
  type ReadLastPassed,
  type Review,
  type ReviewRequest,
  type ReviewSurroundings,
  review,
} from '@slipway/review';
import type { Inputs } from './inputs.ts';

/** What became of one application, or of plain manifests. */
export interface Reviewed {
  /** The path of slipway.yaml, which tells the comments of a pull request apart. */
  readonly path: string;
  /** Its name, or what stands for it if that cannot be read: the last part of the status. */
  readonly name: string;
  /** Absent if its files are so wrong that there is nothing to compare; the problems say why. */
  readonly review?: Review;
  readonly problems: readonly Problem[];
  /** Why its status cannot count. */
  readonly statusProblems: readonly Problem[];
  /** Its name in the base commit, if that is another one. */
  readonly formerly?: string;
  /** The heading of plain manifests that the workflow gave a name. */
  readonly title?: string;
}

/** What only the caller can ask. */
export interface ReviewParts {
  readonly openApi: (() => Promise<GitHubApi>) | undefined;
  readonly approvals: ReviewSurroundings['approvals'];
  readonly clock: Clock;
  /** What last passed by the registry of an application; undefined where it is not asked. */
  readonly readerFor: (path: string) => ReadLastPassed | undefined;
}

/** Problems of the application's files are an outcome, since the pull request is where they belong. */
export async function reviewApplication(
  path: string,
  inputs: Inputs,
  runner: Runner,
  parts: ReviewParts,
): Promise<Pick<Reviewed, 'review' | 'problems'>> {
  try {
    const found = await review(requestFor(path, inputs, runner), {
      ...surroundingsOf(runner, parts),
      readLastPassed: parts.readerFor(path),
    });
    for (const reason of unknownStates(found)) runner.logger.info(reason);
    return { review: found, problems: [] };
  } catch (error) {
    if (!(error instanceof SlipwayError) || runner.signal.aborted) throw error;
    return { problems: error.problems.map(problem => withInputNamed(problem, path)) };
  }
}

function requestFor(path: string, { manifests, rules, ignore }: Inputs, { context }: Runner): ReviewRequest {
  return {
    manifests,
    rendering: { application: path, formations: [], destinations: [], set: {}, explain: [] },
    rules: { ...rules, ...defined({ base: baseCommitOf(context) }) },
    ignore,
  };
}

/** What a review runs with. */
export function surroundingsOf(
  runner: Runner,
  { openApi, approvals, clock }: Omit<ReviewParts, 'readerFor'>,
): ReviewSurroundings {
  const { workspace, temporaryDirectory, environment, exec, logger, signal, context } = runner;
  return {
    ...{ workspace, temporaryDirectory, environment, exec, logger, signal, clock, approvals },
    openCluster: choice => reachCluster(choice, '', runner),
    remoteHistory: openApi && remoteCommits(openApi, context.repository),
    readRevision: openHeads(runner).revision,
    readTaggedSnapshot: () => Promise.reject(new Error('images stay unresolved in a review')),
  };
}

function unknownStates({ targets }: Review): readonly string[] {
  return targets.flatMap(({ name, passed }) =>
    passed?.isKnown === false ? [`What last passed in ${name} is not known: ${passed.why}`] : [],
  );
}

/** Whoever has no slipway.yaml may not want one, and whoever names its folder has one. */
function withInputNamed(problem: Problem, path: string): Problem {
  const { code, message, remedy = 'fix the path' } = problem;
  if (code === 'file-missing')
    return { ...problem, remedy: `${remedy}; or name plain manifests with the input "manifests"` };
  if (code === 'file-unreadable' && message.startsWith(quote(path)))
    return { ...problem, remedy: `if it is a folder, name the file in it: ${quote(`${path}/slipway.yaml`)}` };
  return problem;
}

/** The reports of everything that could be checked. */
export function reportsOf(reviewed: readonly Reviewed[]): readonly Report[] {
  return reviewed.flatMap(({ review: found }) => (found?.targets ?? []).map(({ report }) => report));
}
