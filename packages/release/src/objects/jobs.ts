import { createHash } from 'node:crypto';
import { canonicalJson, isJsonObject, type JsonValue, textMap, valueAt } from '@slipway/core';
import {
  CONTENT,
  contentName,
  GIVEN_NAME,
  isJob,
  type KubernetesObject,
  MAX_JOB_NAME,
} from '@slipway/kubernetes';

/** A Job under the name of its content; any other object unchanged. */
export function jobByContent(object: KubernetesObject): KubernetesObject {
  if (!isJob(object)) return object;
  const content = createHash('sha256').update(canonicalJson(object)).digest('hex');
  const annotations = {
    ...textMap(object.metadata['annotations'] ?? null),
    [CONTENT]: content,
    [GIVEN_NAME]: object.metadata.name,
  };
  const name = contentName(object.metadata.name, content, MAX_JOB_NAME);
  return { ...object, metadata: { ...object.metadata, name, annotations } };
}

/** The hash of the content that a Job is named by. */
export function contentOf(job: KubernetesObject): string | undefined {
  return textMap(job.metadata['annotations'] ?? null)[CONTENT];
}

export type JobFate = 'create' | 'unchanged' | 'replace' | 'skip';

/** What happens to a Job of the release: each content runs once, and a failed Job is run again. */
export function jobFate(
  job: KubernetesObject,
  live: KubernetesObject | undefined,
  run: Readonly<Record<string, string>>,
): JobFate {
  if (live === undefined) return Object.hasOwn(run, contentOf(job) ?? '') ? 'skip' : 'create';
  return hasFailed(live) ? 'replace' : 'unchanged';
}

/** Kubernetes sets `FailureTarget` first, as soon as the failure is certain: https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
export function hasFailed(job: KubernetesObject): boolean {
  return hasCondition(job, 'Failed') || hasCondition(job, 'FailureTarget');
}

export function hasCompleted(job: KubernetesObject): boolean {
  return hasCondition(job, 'Complete');
}

/** A suspended Job is created and does not run, until someone or a check starts it. */
export function isSuspended(job: KubernetesObject): boolean {
  return valueAt(job, ['spec', 'suspend']) === true;
}

function hasCondition(job: KubernetesObject, type: string): boolean {
  const conditions = valueAt(job, ['status', 'conditions']);
  return (
    Array.isArray(conditions) &&
    conditions.some(
      (condition: JsonValue) =>
        isJsonObject(condition) && condition['type'] === type && condition['status'] === 'True',
    )
  );
}
