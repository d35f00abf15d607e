import { formatProblem, quote, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { Asking } from './asking.ts';
import type { Deciders } from './deciders.ts';

const REVIEWERS = 'required_reviewers';
const HOW = 'add them, or name with "by" in the step who decides';

/**
 * Says that a pause is passed without an approval: a job whose environment asks no one goes on by itself, which would be read as a
 * decision. Whether the job has that environment is not known, as workflows may have others.
 */
export async function tellUnapproved(
  { without = 'no one did' }: Deciders,
  { environment, rulesOf, api }: Asking,
  { logger }: Pick<Runner, 'logger'>,
): Promise<void> {
  const unknown = (why: string): void =>
    logger.warning(`It is not known whether anyone approved this decision: ${why}`);
  if (environment === undefined || api === undefined) return unknown(without);
  const name = quote(environment);
  try {
    const rules = await rulesOf(environment);
    if (rules === undefined)
      logger.warning(
        `No one approved this decision: the repository has no environment ${name}, or does not show it to this token; create it with required reviewers, or name with "by" in the step who decides`,
      );
    else if (!rules.includes(REVIEWERS))
      logger.warning(
        `No one approved this decision: the environment ${name} has no required reviewers, so that its job goes on by itself; ${HOW}`,
      );
    else unknown(`the environment ${name} has required reviewers, and ${without}`);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    unknown(
      `the rules of the environment ${name} cannot be read: ${error.problems.map(formatProblem).join('; ')}`,
    );
  }
}
