import { formatProblem, type JsonValue, SlipwayError } from '@slipway/core';
import { activeWorkflows, openGitHubApi, type Runner } from '@slipway/github';
import { isNamedProgress, isScheduledLook } from '@slipway/workflows';
import { parseDocument } from '@slipway/yaml';

/** Whether a workflow looks at open releases by itself, so that time passes for them. */
export type ScheduledLook =
  | { readonly is: 'there'; readonly path: string }
  | { readonly is: 'missing' }
  | { readonly is: 'unknown'; readonly why: string };

/**
 * Looks at the workflows that GitHub runs, as they are on the default branch, for one with a schedule that calls progress.yml or is like
 * it. It reads those first that are called so.
 * @param token for GitHub's API; empty without one
 */
export async function findScheduledLook(
  token: string,
  { context, signal, logger }: Pick<Runner, 'context' | 'signal' | 'logger'>,
): Promise<ScheduledLook> {
  const { repository, apiUrl } = context;
  if (token === '' || repository === '') return { is: 'unknown', why: 'the step has no token for GitHub' };
  try {
    const api = await openGitHubApi({ apiUrl, token, signal, logger });
    const active = await activeWorkflows(api, repository);
    for (const workflow of active.toSorted(
      (a, b) => Number(isNamedProgress(b.path)) - Number(isNamedProgress(a.path)),
    ))
      if (isOne((await workflow.readText()) ?? '', workflow.path))
        return { is: 'there', path: workflow.path };
    return { is: 'missing' };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    return { is: 'unknown', why: whyUnknown(error) };
  }
}

function whyUnknown(error: SlipwayError): string {
  if (error.code === 'github-forbidden')
    return 'the token lacks "actions: read"; give the job that permission';
  return error.problems.map(formatProblem).join('; ');
}

/** What cannot be read is not one. */
function isOne(text: string, path: string): boolean {
  try {
    return isScheduledLook(parseDocument(text, path).value as JsonValue);
  } catch (error) {
    if (error instanceof SlipwayError) return false;
    throw error;
  }
}
