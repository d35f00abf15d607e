import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** The file that `slipway workflows` writes; that of an application below the root has the application's name before it. */
const NAMED = /(?:^|[/-])progress\.ya?ml$/;

export function isNamedProgress(path: string): boolean {
  return NAMED.test(path);
}

/** A job or step of a workflow that looks at whatever release is open. */
export interface Look {
  /** The workflow that the job calls; undefined for a step of its own. */
  readonly calls: string | undefined;
  /** What the step, or the call, is given. */
  readonly inputs: JsonObject;
  /** The matrix that its expressions choose from. */
  readonly matrix: JsonValue;
}

/** Whether a workflow has a schedule, and a job that looks at whatever release is open. */
export function isScheduledLook(workflow: JsonValue): boolean {
  return isJsonObject(workflow) && hasSchedule(workflow) && openLooks(workflow).length > 0;
}

/** What looks at open releases in a workflow, whatever starts that. */
export function openLooks(workflow: JsonValue): Look[] {
  return isJsonObject(workflow) ? Object.values(jobsOf(workflow)).flatMap(looksOf) : [];
}

function hasSchedule(workflow: JsonObject): boolean {
  // YAML 1.1 reads the key as true.
  const on = workflow['on'] ?? workflow['true'] ?? null;
  const schedule = isJsonObject(on) ? on['schedule'] : undefined;
  return Array.isArray(schedule) && schedule.length > 0;
}

function jobsOf({ jobs = null }: JsonObject): JsonObject {
  return isJsonObject(jobs) ? jobs : {};
}

function looksOf(job: JsonValue): Look[] {
  if (!isJsonObject(job)) return [];
  const { uses, steps, strategy = null } = job;
  const matrix = isJsonObject(strategy) ? (strategy['matrix'] ?? null) : null;
  if (typeof uses === 'string' && isNamedProgress(uses.replace(/@[^@]*$/, '')))
    return [{ calls: uses, inputs: inputsOf(job), matrix }];
  return (Array.isArray(steps) ? steps : [])
    .filter(looksAtOpen)
    .map(step => ({ calls: undefined, inputs: inputsOf(step), matrix }));
}

/** `release: open`, be it in an expression such as `inputs.release || 'open'`, is understood by verify-rollout only. */
function looksAtOpen(step: JsonValue): boolean {
  return (
    isJsonObject(step) &&
    step['uses'] !== undefined &&
    /(?:^|')open(?:'|$)/.test(openedRelease(inputsOf(step)))
  );
}

function inputsOf(given: JsonValue): JsonObject {
  const inputs = isJsonObject(given) ? given['with'] : undefined;
  return inputs !== undefined && isJsonObject(inputs) ? inputs : {};
}

function openedRelease({ release }: JsonObject): string {
  return typeof release === 'string' ? release.replace(/\s*\}\}$/, '') : '';
}
