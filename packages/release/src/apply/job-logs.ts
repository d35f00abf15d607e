import type { ClusterClient } from '@slipway/cluster';
import { inParallel, type RecordedObject, SlipwayError } from '@slipway/core';
import { type KubernetesObject, podsOfJob } from '@slipway/kubernetes';
import { readPodLogs } from '@slipway/rollout';

/** The log of one container of a Job's last pod. */
export interface JobLog {
  /** The Job's name in the manifest. */
  readonly job: string;
  readonly container: string;
  /** Without the secrets of the pod. */
  readonly text: string;
}

/** The end of a log shows how a migration went. */
const SHOWN_LINES = 60;

/** The logs of Jobs that have run, for people, as verify-rollout shows them; pods that cannot be read are left out. */
export async function readJobLogs(
  client: ClusterClient,
  jobs: readonly RecordedObject[],
): Promise<readonly JobLog[]> {
  const logs = await inParallel(jobs, async ({ name, given = name, namespace = '' }) => {
    const pod = await lastPod(client, namespace, name);
    const read = pod === undefined ? [] : await readPodLogs(client, pod, SHOWN_LINES);
    return read.map(({ container, lines }) => ({
      job: given,
      container,
      text: lines.map(line => `${line}\n`).join(''),
    }));
  });
  return logs.flat().filter(({ text }) => text.trim() !== '');
}

/** Undefined also on errors, since a missing log must not fail a release that went well. */
async function lastPod(
  client: ClusterClient,
  namespace: string,
  job: string,
): Promise<KubernetesObject | undefined> {
  const labelSelector = podsOfJob(job);
  const createdAt = ({ metadata }: KubernetesObject): string => String(metadata['creationTimestamp']);
  try {
    const { items } = await client.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
    return items.toSorted((a, b) => createdAt(b).localeCompare(createdAt(a)))[0];
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
