import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** The file that `slipway workflows` writes; that of an application below the root has the application's name before it. */
const NAMED = /(?:^|[/-])progress\.ya?ml$/;

export function isNamedProgress(path: string): boolean {
  return NAMED.test(path);
}

/** Whether a workflow has a schedule, and a job that looks at whatever release is open. */
export function isScheduledLook(workflow: JsonValue): boolean {
  return isJsonObject(workflow) && hasSchedule(workflow) && Object.values(jobsOf(workflow)).some(looks);
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

function looks(job: JsonValue): boolean {
  if (!isJsonObject(job)) return false;
  const { uses, steps } = job;
  if (typeof uses === 'string' && isNamedProgress(uses.replace(/@[^@]*$/, ''))) return true;
  return Array.isArray(steps) && steps.some(looksAtOpen);
}

/** `release: open`, be it in an expression such as `inputs.release || 'open'`, is understood by verify-rollout only. */
function looksAtOpen(step: JsonValue): boolean {
  const inputs = isJsonObject(step) && step['uses'] !== undefined ? step['with'] : undefined;
  return inputs !== undefined && isJsonObject(inputs) && /(?:^|')open(?:'|$)/.test(openedRelease(inputs));
}

function openedRelease({ release }: JsonObject): string {
  return typeof release === 'string' ? release.replace(/\s*\}\}$/, '') : '';
}
