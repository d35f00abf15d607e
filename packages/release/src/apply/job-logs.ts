import type { ClusterClient } from '@slipway/cluster';
import { inParallel, isJsonObject, type RecordedObject, SlipwayError, valueAt } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';

/** The log of one container of a Job's last pod. */
export interface JobLog {
  /** The Job's name in the manifest. */
  readonly job: string;
  readonly container: string;
  readonly text: string;
}

/** The end of a log shows how a migration went. */
const TAIL_LINES = 60;
const LIMIT_BYTES = 16 * 1024;

/** The logs of Jobs that have run, for people; logs that cannot be read are left out. */
export async function readJobLogs(
  client: ClusterClient,
  jobs: readonly RecordedObject[],
): Promise<readonly JobLog[]> {
  const logs = await inParallel(jobs, async ({ name, given = name, namespace = '' }) => {
    const pod = await lastPod(client, namespace, name);
    const containers = pod === undefined ? [] : containersOf(pod);
    const texts = await inParallel(containers, container =>
      readable(
        client.logs({ ...podReference(pod), container, tailLines: TAIL_LINES, limitBytes: LIMIT_BYTES }),
      ),
    );
    return containers.map((container, index) => ({ job: given, container, text: texts[index] ?? '' }));
  });
  return logs.flat().filter(({ text }) => text.trim() !== '');
}

async function lastPod(
  client: ClusterClient,
  namespace: string,
  job: string,
): Promise<KubernetesObject | undefined> {
  const query = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace,
    labelSelector: `batch.kubernetes.io/job-name=${job}`,
  };
  const pods = [...((await readable(client.list(query)))?.items ?? [])];
  const createdAt = ({ metadata }: KubernetesObject): string => String(metadata['creationTimestamp']);
  return pods.sort((a, b) => createdAt(b).localeCompare(createdAt(a)))[0];
}

function containersOf(pod: KubernetesObject): string[] {
  return ['initContainers', 'containers'].flatMap(list => {
    const containers = valueAt(pod, ['spec', list]);
    return Array.isArray(containers) ? containers.filter(isJsonObject).map(({ name }) => String(name)) : [];
  });
}

function podReference(pod: KubernetesObject | undefined): {
  readonly namespace: string;
  readonly pod: string;
} {
  const { namespace = '', name = '' } = pod === undefined ? {} : referenceTo(pod);
  return { namespace, pod: name };
}

/** The result of `work`; undefined on errors, since a missing log must not fail a release that went well. */
async function readable<Result>(work: Promise<Result>): Promise<Result | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
