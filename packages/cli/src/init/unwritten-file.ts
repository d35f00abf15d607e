import { changeProblems, type Problem, SlipwayError } from '@slipway/core';

/**
 * A position in a file that init has not written yet leads nowhere, so the sentence names the file instead.
 * @param unwritten paths of such files, relative to the repository
 */
export async function sayingUnwritten<Result>(
  answer: Promise<Result>,
  unwritten: ReadonlySet<string>,
): Promise<Result> {
  return await answer.catch(error => {
    throw error instanceof SlipwayError
      ? changeProblems(error, problem => placed(problem, unwritten))
      : error;
  });
}

function placed(problem: Problem, unwritten: ReadonlySet<string>): Problem {
  const { at, ...rest } = problem;
  if (at === undefined || !unwritten.has(at.path)) return problem;
  return { ...rest, message: `in the ${at.path} that init would write, ${problem.message}` };
}
