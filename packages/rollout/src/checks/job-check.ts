import { randomBytes } from 'node:crypto';
import {
  type CheckResult,
  type Clock,
  isJsonObject,
  type JobCheck,
  type JsonObject,
  type JsonValue,
  type Logger,
  parseDuration,
  quote,
  SlipwayError,
  textMap,
} from '@slipway/core';
import {
  CHECK,
  generationOf,
  isReservedLabel,
  type KubernetesObject,
  MAX_JOB_NAME,
  podsOfJob,
  referenceTo,
  startOfName,
  uidOf,
} from '@slipway/kubernetes';
import { type CheckOutcome, failedCheck, passed, type RunnableCheck } from '../check-runs/runnable-check.ts';
import { podLogEvidence } from '../evidence/logs.ts';
import type { CheckCluster } from '../rollout.ts';
import { watchRollout } from '../watch-rollout.ts';

const TIMEOUT = 5 * 60_000;
/** How long after its end Kubernetes deletes a Job that a killed run left behind, in seconds. */
const KEPT_FOR = 600;
/** The most pods whose logs are shown. */
const MAX_PODS = 3;

export interface JobCheckContext {
  readonly client: CheckCluster;
  readonly namespace: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Runs a copy of a Job once and deletes it afterwards; its end is the result, its log the evidence. */
export function jobCheck(
  name: string,
  { timeout }: Pick<JobCheck, 'timeout'>,
  manifest: KubernetesObject,
  context: JobCheckContext,
): RunnableCheck {
  const limit = parseDuration(timeout ?? '') ?? TIMEOUT;
  return {
    name,
    async run(_settled, signal) {
      signal.throwIfAborted();
      const job = await context.client.create(runnable(manifest, name, limit, context.namespace));
      try {
        return await follow(job, limit, context, signal);
      } finally {
        await remove(job, context);
      }
    },
  };
}

/** The Job under its own name, no longer suspended, and deleted by Kubernetes even if no one watches it any more. */
function runnable(
  { spec, metadata, ...rest }: KubernetesObject,
  check: string,
  timeout: number,
  namespace: string,
): KubernetesObject {
  const suffix = `-check-${randomBytes(4).toString('hex')}`;
  const name = `${startOfName(metadata.name, MAX_JOB_NAME - suffix.length)}${suffix}`;
  const labels = { ...withoutOurs(metadata['labels']), [CHECK]: check };
  const bounds = {
    suspend: false,
    ttlSecondsAfterFinished: KEPT_FOR,
    activeDeadlineSeconds: Math.max(1, Math.ceil(timeout / 1000)),
  };
  return {
    ...rest,
    metadata: { name, namespace, labels },
    spec: { ...(isJsonObject(spec) ? spec : {}), ...bounds } as JsonObject,
  };
}

/** The copy does not belong to the release, so it must not have the labels of the set's members. */
function withoutOurs(labels: JsonValue | undefined): Record<string, string> {
  const foreign = Object.entries(textMap(labels ?? null)).filter(([key]) => !isReservedLabel(key));
  return Object.fromEntries(foreign);
}

async function follow(
  job: KubernetesObject,
  timeout: number,
  { client, clock, logger }: JobCheckContext,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const object = { ...referenceTo(job), uid: uidOf(job), generation: generationOf(job), written: true };
  const { verdict, summary, objects } = await watchRollout({
    client,
    objects: [object],
    stableFor: 0,
    timeout,
    deadline: timeout,
    clock,
    signal,
    logger,
  });
  if (verdict !== 'succeeded') {
    const [found] = objects;
    return failedCheck(summary, found?.remedy ?? 'look at its log', found?.evidence ?? []);
  }
  return passed(`Job ${job.metadata.name} completed`, await logsOf(job, client));
}

/** The Job's log, as evidence; its result is known already, so a missing log does not fail the check. */
async function logsOf(job: KubernetesObject, client: CheckCluster): Promise<CheckResult['evidence']> {
  try {
    const { items } = await client.list({
      apiVersion: 'v1',
      kind: 'Pod',
      namespace: String(job.metadata['namespace']),
      labelSelector: podsOfJob(job.metadata.name),
    });
    const logs = await Promise.all(items.slice(0, MAX_PODS).map(pod => podLogEvidence(client, pod)));
    return logs.flat().map(({ title, lines }) => ({ title, lines: [...lines] }));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return [];
  }
}

async function remove(job: KubernetesObject, { client, logger }: JobCheckContext): Promise<void> {
  try {
    await client.delete(referenceTo(job), { uid: uidOf(job), propagation: 'Background' });
  } catch {
    logger.info(
      `Job ${quote(job.metadata.name)} could not be deleted; Kubernetes deletes it ${KEPT_FOR / 60} min after its end`,
    );
  }
}
