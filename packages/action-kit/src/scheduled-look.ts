import { formatProblem, type JsonValue, SlipwayError } from '@slipway/core';
import { type ActiveWorkflow, activeWorkflows, openGitHubApi, type Runner } from '@slipway/github';
import { isNamedProgress, type LookedAt, looksAt, type ReadWorkflow } from '@slipway/workflows';
import { parseDocument } from '@slipway/yaml';

/** Whether a workflow looks at open releases of a formation by itself, so that time passes for them. */
export type ScheduledLook =
  | { readonly is: 'there'; readonly path: string }
  | {
      readonly is: 'missing';
      /** Those that look at releases of others. */
      readonly others: readonly string[];
    }
  | { readonly is: 'unknown'; readonly why: string };

/**
 * Looks at the workflows that GitHub runs, as they are on the default branch, for one with a schedule that calls progress.yml or is like
 * it, and that looks at this formation. It reads those first that are called so.
 * @param token for GitHub's API; empty without one
 */
export async function findScheduledLook(
  token: string,
  wanted: LookedAt,
  { context, signal, logger }: Pick<Runner, 'context' | 'signal' | 'logger'>,
): Promise<ScheduledLook> {
  const { repository, apiUrl } = context;
  if (token === '' || repository === '') return { is: 'unknown', why: 'the step has no token for GitHub' };
  try {
    const api = await openGitHubApi({ apiUrl, token, signal, logger });
    return await findAmong(await activeWorkflows(api, repository), wanted);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof SlipwayError)) throw error;
    return { is: 'unknown', why: whyUnknown(error) };
  }
}

async function findAmong(active: readonly ActiveWorkflow[], wanted: LookedAt): Promise<ScheduledLook> {
  const [others, unclear]: [string[], string[]] = [[], []];
  const read = async (path: string) => await readOne(active.find(workflow => workflow.path === path));
  for (const workflow of active.toSorted(
    (a, b) => Number(isNamedProgress(b.path)) - Number(isNamedProgress(a.path)),
  )) {
    const written = await readOne(workflow);
    const at = written && (await looksAt(written, wanted, read));
    if (at === 'own') return { is: 'there', path: workflow.path };
    if (at === 'others') others.push(workflow.path);
    if (at === 'unclear') unclear.push(workflow.path);
  }
  if (unclear.length === 0) return { is: 'missing', others };
  return {
    is: 'unknown',
    why: `${unclear.join(', ')} does not say whose releases it looks at; give its step or call the inputs "application" and "formation"`,
  };
}

function whyUnknown(error: SlipwayError): string {
  if (error.code === 'github-forbidden')
    return 'the token lacks "actions: read"; give the job that permission';
  return error.problems.map(formatProblem).join('; ');
}

/** What cannot be read is not one. */
async function readOne(workflow: ActiveWorkflow | undefined): Promise<ReadWorkflow | undefined> {
  const text = await workflow?.readText();
  if (workflow === undefined || text === undefined) return undefined;
  try {
    return { text, value: parseDocument(text, workflow.path).value as JsonValue };
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
