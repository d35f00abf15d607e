import { type Release, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { type Deployment, unwrittenMarkdown, writtenMarkdown } from '@slipway/report';

/** What is known of a deployment so far. */
export type Known = { -readonly [Part in keyof Deployment]: Deployment[Part] };

/** What a deployment has come to. */
export interface Shown<Written> {
  readonly release: Written;
  readonly known: Known;
}

/**
 * Writes a release, and shows in the summary what became of it, also if that fails.
 * @param write adds to what is known as it becomes known; it returns undefined where nothing was to be deployed
 */
export async function showDeployment<Written extends Release | undefined>(
  runner: Runner,
  write: (known: Known) => Promise<Written>,
): Promise<Shown<Written>> {
  const known: Known = { logs: [] };
  try {
    const release = await write(known);
    // One that was rejected is closed, and nothing of it is left to be verified. One that was open already has been written before.
    if (release !== undefined && release.verdict === undefined && isRecorded(known))
      runner.addSummary(writtenMarkdown(release, known));
    return { release, known };
  } catch (error) {
    if (!(error instanceof SlipwayError)) {
      runner.addSummary(unwrittenMarkdown(known, undefined));
      throw error;
    }
    const [problem] = error.problems;
    const page = unwrittenMarkdown(known, problem);
    runner.addSummary(page);
    throw known.release === undefined ? error : withFirstInSummary(error);
  }
}

/** Whether this run has begun a release: one that is the same as an open one is not recorded again. */
export function isRecorded({ release }: Known): boolean {
  return release !== undefined;
}

/** The page of a release that was begun has the first reason, above what its Jobs logged. */
function withFirstInSummary(error: SlipwayError): SlipwayError {
  const [first, ...others] = error.problems;
  return new SlipwayError([{ ...first, isInSummary: true }, ...others], { cause: error });
}
