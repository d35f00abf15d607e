import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type RecordedObject, type Release, SlipwayError } from '@slipway/core';
import { isJob, type KubernetesObject, objectsAt, textAt, uidIfAny } from '@slipway/kubernetes';

/** When a Job of the release, such as a migration, ran. */
export interface JobRun {
  /** The Job as the release wrote it. */
  readonly job: RecordedObject;
  readonly from: Date;
  /** Absent while it runs. */
  readonly to?: Date | undefined;
  readonly status: 'completed' | 'failed' | 'running';
}

/**
 * When the Jobs ran that the release wrote, as their own status says. A Job that no longer exists, or may not be read, is left out: no
 * verdict depends on it.
 */
export async function readJobRuns(
  client: Pick<ClusterClient, 'get'>,
  { objects }: Pick<Release, 'objects'>,
): Promise<readonly JobRun[]> {
  const jobs = objects.filter(object => isJob(object) && object.written);
  const runs = await inParallel(jobs, async job => {
    const live = await readIfAny(client, job);
    return live === undefined || uidIfAny(live) !== job.uid ? [] : runOf(job, live);
  });
  return runs.flat();
}

async function readIfAny(
  client: Pick<ClusterClient, 'get'>,
  job: RecordedObject,
): Promise<KubernetesObject | undefined> {
  try {
    return await client.get(job);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/** When it ran, by its status; nothing for a Job that has not started, or does not say when it ended. */
export function runOf(job: RecordedObject, live: KubernetesObject): readonly JobRun[] {
  const from = timeOf(textAt(live, 'status', 'startTime'));
  if (from === undefined) return [];
  const end = endOf(live);
  if (end === undefined) return [{ job, from, status: 'running' }];
  return end.to === undefined || end.to < from ? [] : [{ job, from, to: end.to, status: end.status }];
}

const ENDS = { Complete: 'completed', Failed: 'failed' } as const;

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup */
function endOf(live: KubernetesObject): Pick<JobRun, 'to' | 'status'> | undefined {
  for (const condition of objectsAt(live, 'status', 'conditions')) {
    const type = textAt(condition, 'type') ?? '';
    if (!Object.hasOwn(ENDS, type) || textAt(condition, 'status') !== 'True') continue;
    const status = ENDS[type as keyof typeof ENDS];
    const to = textAt(live, 'status', 'completionTime') ?? textAt(condition, 'lastTransitionTime');
    return { to: timeOf(to), status };
  }
  return undefined;
}

function timeOf(text: string | undefined): Date | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time);
}
