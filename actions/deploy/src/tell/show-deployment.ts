import { type Release, SlipwayError } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { type Deployment, unwrittenMarkdown, writtenMarkdown } from '@slipway/report';

/** What is known of a deployment so far. */
export type Known = { -readonly [Part in keyof Deployment]: Deployment[Part] };

/**
 * Writes a release, and shows in the summary what became of it, also if that fails.
 * @param write adds to what is known as it becomes known
 */
export async function showDeployment(
  runner: Runner,
  write: (known: Known) => Promise<Release>,
): Promise<Release> {
  const known: Known = { logs: [] };
  try {
    const release = await write(known);
    runner.addSummary(writtenMarkdown(release, known));
    return release;
  } catch (error) {
    const problem = error instanceof SlipwayError ? error.problems[0] : undefined;
    runner.addSummary(unwrittenMarkdown(known, problem));
    throw error;
  }
}
