import { basename } from 'node:path';
import { endProcess, formatProblem, type Problem, recordKeyLines, SlipwayError } from '@slipway/core';
import { escapeMarkdown } from '@slipway/report';
import { actionsRunner } from './actions-runner.ts';
import type { GithubErrorCode } from './error-codes.ts';
import { errorLink } from './error-link.ts';
import { type InputReader, inputVariable, parseInputs } from './inputs.ts';
import { RECORD_KEY_INPUT } from './record-key.ts';
import { valuesOfLines } from './redact.ts';
import type { Environment, Runner } from './runner.ts';
import { showProblem } from './show-problem.ts';

/** The input with `NAME=value` lines, of the actions that open secrets. */
const SECRET_VALUES_INPUT = 'secret-values';

/** The code of a failure that Slipway has no message for. */
const UNEXPECTED = 'unexpected';

/** How many problems the summary lists; the log has all of them. */
const MAX_LISTED_PROBLEMS = 50;

/** Returns what the main step saved under a name; empty if it saved nothing. */
export type SavedState = (name: string) => string;

/** What an action does after the job if its main step was killed, with what that step saved. */
export type PostStep<Inputs> = (inputs: Inputs, runner: Runner, saved: SavedState) => Promise<void>;

/** Saved states that tell the post step from the main one, and whether the main one finished. */
const BEGUN = 'slipway-begun';
const FINISHED = 'slipway-finished';

/**
 * Runs an action from beginning to end: reads its inputs, runs it, and turns every failure into one sentence per problem. This is the
 * only code that handles errors for good. With `post`, the entry `post` of action.yml runs the same bundle.
 */
export async function runAction<Inputs>(
  readInputs: (reader: InputReader) => Inputs,
  run: (inputs: Inputs, runner: Runner) => Promise<void>,
  post?: PostStep<Inputs>,
): Promise<void> {
  const saved: SavedState = name => process.env[`STATE_${name}`] ?? '';
  const isPost = post !== undefined && saved(BEGUN) !== '';
  if (isPost && saved(FINISHED) !== '') return;
  const cancellation = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const)
    process.once(name, () => cancellation.abort(cancelled(name)));
  const runner = actionsRunner(process.env, cancellation.signal);
  for (const secret of secretsInInputs(process.env)) runner.mask(secret);
  if (post !== undefined && !isPost) runner.saveState(BEGUN, 'true');
  let failed = false;
  try {
    const inputs = parseInputs(process.env, readInputs);
    await (isPost ? post(inputs, runner, saved) : run(inputs, runner));
  } catch (error) {
    failed = true;
    reportFailure(cancellation.signal.aborted ? cancellation.signal.reason : error, runner);
  }
  if (post !== undefined) runner.saveState(FINISHED, 'true');
  runner.finish();
  await written();
  endProcess(process, failed ? 1 : 0);
}

/** What is masked before anything is read, so that no message about a wrong input can show it. */
function secretsInInputs(environment: Environment): string[] {
  const given = (input: string): string => environment[inputVariable(input)] ?? '';
  return [...recordKeyLines(given(RECORD_KEY_INPUT)), ...valuesOfLines(given(SECRET_VALUES_INPUT))];
}

/** Waits until the runner has everything that was logged: a pipe takes 64 KiB at once, and exiting would cut off the rest. */
function written(): Promise<void> {
  return new Promise(done => process.stdout.write('', () => done()));
}

function cancelled(signal: string): SlipwayError<GithubErrorCode> {
  return new SlipwayError<GithubErrorCode>({
    code: 'cancelled',
    message: `the run was cancelled (${signal})`,
    remedy: 'run the job again to continue',
  });
}

/**
 * Shows a failure where it belongs: on the line of the file, in the log, in the summary and as the output `error`, which is the code of
 * the first problem. Causes go to the debug log only.
 */
export function reportFailure(error: unknown, runner: Runner): void {
  const problems = problemsOf(error);
  runner.logger.debug(error instanceof Error ? describeCauses(error) : String(error));
  for (const problem of problems) showProblem(problem, 'error', runner);
  runner.setOutput('error', problems[0]?.code ?? UNEXPECTED);
  const listed = problems
    .slice(0, MAX_LISTED_PROBLEMS)
    .map(problem => `- ${escapeMarkdown(listedProblem(problem))} (${linkTo(problem, runner)})\n`);
  const more =
    problems.length > listed.length ? `- and ${problems.length - listed.length} more, in the log\n` : '';
  runner.addSummary(`### ❌ The step failed\n\n${listed.join('')}${more}`);
}

/** What a failure says to a user; one that Slipway has no message for is a problem as well. */
export function problemsOf(error: unknown): readonly Problem[] {
  return error instanceof SlipwayError ? error.problems : [lostFile(error) ?? unexpected(error)];
}

/** What the summary has said is not said again, but for the line that it is about, which only the error knows. */
function listedProblem({ isInSummary, ...problem }: Problem): string {
  if (isInSummary !== true) return formatProblem(problem);
  const { code, at } = problem;
  return formatProblem({ code, at, message: 'see above' });
}

function linkTo({ code }: Problem, { environment }: Runner): string {
  return `[${code}](${errorLink(code, environment)})`;
}

/** A file of the bundle that was there when the action began: nothing else is loaded as a module. */
function lostFile(error: unknown): Problem<GithubErrorCode> | undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) return undefined;
  const file = basename('url' in error ? String(error.url) : '');
  return {
    code: 'bundle-incomplete',
    message: `the bundle is incomplete: dist/library/${file} is missing`,
    remedy: "delete the runner's copy of the action and run the job again",
  };
}

function unexpected(error: unknown): Problem<GithubErrorCode> {
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: UNEXPECTED,
    message: `unexpected failure: ${message.split('\n', 1)[0]}`,
    remedy: 'run the job again with debug logging and report it with that log',
  };
}

function describeCauses(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${describeCauses(error.cause)}` : '';
  return `${error.stack ?? error.message}${cause}`;
}
