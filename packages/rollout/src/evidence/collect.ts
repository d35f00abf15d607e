import type { KubernetesObject } from '@slipway/kubernetes';
import type { Outcome } from '../judge/judge.ts';
import type { RolloutCluster, RolloutOptions } from '../rollout.ts';
import type { Culprit } from '../status/status.ts';
import type { Store } from '../watch/store.ts';
import { chainEvidence } from './chain.ts';
import { eventEvidence, podEventEvidence } from './events.ts';
import type { Evidence } from './evidence.ts';
import { LOG_TITLE, logEvidence } from './logs.ts';
import { type PodSecrets, readPodSecrets } from './pod-secrets.ts';

/** How long to wait for each piece of evidence: a node that does not answer must not delay the verdict. */
const LONGEST_WAIT = 3_000;
const NO_ANSWER = `not shown: no answer within ${LONGEST_WAIT / 1000} s`;

/**
 * What was found on the path from an object to the container that is at fault, the most telling first. It never fails: where
 * something cannot be read, the evidence says so.
 */
export async function collectEvidence(
  { client, since }: Pick<RolloutOptions, 'client' | 'since'>,
  { object, trouble }: Outcome,
  store: Store,
): Promise<readonly Evidence[]> {
  const live = store.section(object, object.namespace ?? '')?.get(object.name);
  const parts = await Promise.all([
    trouble?.culprit === undefined ? [] : culpritEvidence(client, live, trouble.culprit),
    live === undefined ? [] : bounded(eventEvidence(client, live, since), []),
  ]);
  return parts.flat();
}

async function culpritEvidence(
  client: RolloutCluster,
  live: KubernetesObject | undefined,
  culprit: Culprit,
): Promise<readonly Evidence[]> {
  const secrets = await bounded<PodSecrets>(readPodSecrets(client, culprit.pod), { unreadable: 'no answer' });
  const parts = await Promise.all([
    [chainEvidence(live ?? culprit.pod, culprit, secrets)],
    bounded(logEvidence(client, culprit, secrets), [{ title: LOG_TITLE, lines: [NO_ANSWER] }]),
    bounded(podEventEvidence(client, culprit, secrets), []),
  ]);
  return parts.flat();
}

async function bounded<Result>(work: Promise<Result>, otherwise: Result): Promise<Result> {
  const late = Promise.withResolvers<Result>();
  const timer = setTimeout(() => late.resolve(otherwise), LONGEST_WAIT);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
