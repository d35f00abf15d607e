import { type Part, type Problems, quote } from '@slipway/core';
import { readPart } from '@slipway/registry';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import type { Session } from '../session.ts';
import { runOf } from './make-part.ts';

/** A part whose job ended well. */
export type FinishedPart = Part & { readonly images: NonNullable<Part['images']> };

/**
 * The parts of this run that the inputs name. Those that cannot be used are among the problems then, and left out.
 * @param revision the commit that is checked out
 */
export async function readParts(
  { client, home, inputs, runner }: Session,
  revision: string | undefined,
  problems: Problems,
): Promise<FinishedPart[]> {
  const { run } = runOf(runner.context);
  const found = await Promise.all(
    inputs.parts.map(part =>
      problems.collect(async () => {
        const stored = await readPart(client, { ...home, run, part });
        const problem = partProblem(part, run, stored, revision);
        if (problem !== undefined) problems.add(problem);
        return problem === undefined ? (stored as FinishedPart) : undefined;
      }),
    ),
  );
  return found.filter(part => part !== undefined);
}

function partProblem(name: string, run: string, part: Part | undefined, revision: string | undefined) {
  const missing = 'part-missing' satisfies BuildRetagErrorCode;
  const remedy = 'look at the job that builds it, which this one has to need, and run it again';
  if (part === undefined)
    return { code: missing, message: `the registry has no part ${quote(name)} of run ${run}`, remedy };
  if (part.images === undefined)
    return {
      code: missing,
      message: `the part ${quote(name)} of run ${run} was begun in attempt ${part.attempt} and not finished`,
      remedy,
    };
  if (part.gitRevision === revision) return undefined;
  return {
    code: 'part-foreign' satisfies BuildRetagErrorCode,
    message: `the part ${quote(name)} is of ${commit(part.gitRevision)}, and this job of ${commit(revision)}`,
    remedy: 'check out the same commit in every job of the run, by its id where a branch could move',
  };
}

function commit(revision: string | undefined): string {
  return revision === undefined ? 'no commit' : `the commit ${quote(revision)}`;
}
