import { openReleaseOf, type Release, SlipwayError } from '@slipway/core';
import type { VerifyContext } from '../context.ts';
import type { VerifyErrorCode } from '../error-codes.ts';
import { openSummary } from '../tell/open-summary.ts';
import { keepWaitingIssue } from './keep-waiting-issue.ts';
import { setStepsOutputs } from './outcome.ts';

/**
 * What follows where the login of the kubeconfig ends while a run moves a release on: the cluster takes nothing from this run any more,
 * and all that is left is to say where the release is. That its pods are fine says nothing, as no one looks at them.
 * @param release as this run knew it last
 * @returns the error of the step; `error` itself where it is about something else, or the release is closed
 */
export async function loginEnded(
  error: unknown,
  release: Release,
  context: Pick<VerifyContext, 'runner' | 'inputs'>,
): Promise<unknown> {
  if (!(error instanceof SlipwayError) || error.code !== 'cluster-unauthorized') return error;
  const open = openReleaseOf(release);
  if (open === undefined) return error;
  const { runner } = context;
  setStepsOutputs(release, runner);
  runner.setOutput('verdict', 'open');
  runner.addSummary(openSummary(release, SAYS));
  await keepWaitingIssue(release, SAYS, context);
  return new SlipwayError<VerifyErrorCode>(
    {
      code: 'login-ended',
      message: `release ${open.release} is open at ${open.weight} % (${open.phase}), and the API server does not accept the login of this run any more: nothing was written since, and no run looks at it`,
      remedy: wayOn(release),
    },
    { cause: error },
  );
}

const SAYS = 'the login of the last run has ended, and no run looks at the release';

/** A commit and an undo are carried to their end, whatever is decided; what still waits has taken no decision. */
function wayOn({ number, steps }: Release): string {
  const again = `run verify-rollout again with "release: ${number}" and a login that is valid`;
  const isEnding = steps?.phase === 'committing' || steps?.phase === 'undoing';
  if (isEnding) return `${again}: it carries that to its end, and until then part of it may not be written`;
  const decide = steps?.phase === 'waiting' ? ', and give the decision again' : '';
  return `${again}${decide}: it goes on from there, or takes the release back with "decision: reject"`;
}
