import { didYouMean, type JobCheck, quote } from '@slipway/core';
import { booleanAt, givenNameOf, isJob, isKubernetesObject, textAt } from '@slipway/kubernetes';
import type { RunnableCheck } from '../check-runs/runnable-check.ts';
import { jobCheck } from './job-check.ts';
import type { CheckSurroundings, Refuse } from './surroundings.ts';

/** A check that runs a Job: a suspended one of the release, or one from a manifest. */
export function prepareJob(
  name: string,
  check: JobCheck,
  surroundings: CheckSurroundings,
  refuse: Refuse,
): RunnableCheck | undefined {
  if (check.manifest !== undefined) return prepareManifest(name, check, surroundings, refuse);
  const jobs = surroundings.manifests.filter(isJob);
  const wanted = check.name ?? '';
  const found = jobs.find(job => givenNameOf(job) === wanted);
  if (found === undefined)
    return refuse(
      `runs the Job ${quote(wanted)}, which is not part of the release`,
      didYouMean(wanted, jobs.map(givenNameOf)) ||
        `choose among ${jobs.map(givenNameOf).map(quote).join(', ') || 'none: the release has no Job'}`,
    );
  if (booleanAt(found, 'spec', 'suspend') !== true)
    return refuse(
      `runs the Job ${quote(wanted)}, which is not suspended and so ran with the release`,
      'add "suspend: true" to the spec of the Job',
    );
  const { metadata } = found;
  return jobCheck(name, check, { ...found, metadata: { ...metadata, name: wanted } }, surroundings);
}

function prepareManifest(
  name: string,
  check: JobCheck,
  surroundings: CheckSurroundings,
  refuse: Refuse,
): RunnableCheck | undefined {
  const manifest: unknown = check.manifest;
  if (check.name !== undefined) return refuse('has both a name and a manifest of a Job', 'keep one of them');
  if (!isKubernetesObject(manifest) || !isJob(manifest))
    return refuse(
      'has a manifest that is not a Job',
      'write apiVersion: batch/v1, kind: Job, metadata.name and spec',
    );
  const own = textAt(manifest, 'metadata', 'namespace') ?? surroundings.namespace;
  if (own !== surroundings.namespace)
    return refuse(
      `has a Job in the namespace ${quote(own)}`,
      'remove the namespace: the Job runs in the namespace of the release',
    );
  return jobCheck(name, check, manifest, surroundings);
}
