import type { ClusterClient } from '@slipway/cluster';
import { type Check, parseDuration, type Release } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { stepSides } from '@slipway/release';
import {
  type CheckSurroundings,
  type JudgedWindow,
  type JudgeStepOptions,
  type PrometheusAddress,
  prepareChecks,
  type RunnableCheck,
} from '@slipway/rollout';
import type { VerifyContext } from '../context.ts';

/** What asking about a step needs. */
export interface JudgingContext {
  readonly client: ClusterClient;
  readonly release: Release;
  readonly context: VerifyContext;
}

/** The time that a step is judged by, without its warm-up; undefined for one that does not stay. */
export function windowOf({ steps }: Pick<Release, 'steps'>, until?: Date): JudgedWindow | undefined {
  const { since, due } = steps?.times ?? {};
  const to = until ?? (due === undefined ? undefined : new Date(due));
  if (since === undefined || to === undefined) return undefined;
  const warmUp = parseDuration(steps?.settings?.['warm-up'] ?? '') ?? 0;
  const from = new Date(new Date(since).getTime() + warmUp);
  return from < to ? { from, to } : undefined;
}

/** What both versions are asked with. */
export async function sideOptions(
  { client, release, context }: JudgingContext,
  checks: readonly Check[],
  window: JudgedWindow,
): Promise<JudgeStepOptions> {
  return {
    ...{ checks, window, client },
    sides: await stepSides(client, release),
    prometheus: prometheusOf(release, context),
    words: wordsOf(release),
    signal: context.runner.signal,
  };
}

/** The address is that of the first run, the token that of this one. */
function prometheusOf(
  { steps }: Pick<Release, 'steps'>,
  { inputs }: VerifyContext,
): PrometheusAddress | undefined {
  const { prometheus: address } = steps?.terms ?? {};
  return inputs.prometheus ?? (address === undefined ? undefined : { address, token: '' });
}

function wordsOf(release: Release): Readonly<Record<string, string>> {
  const { application, formation, namespace, destination = '', deploymentTag = '' } = release;
  return { application, formation, namespace, destination, tag: deploymentTag };
}

/** Checks that are asked of one version, ready to run. @throws SlipwayError `check-invalid`, `check-forbidden` */
export function runnable(
  { client, release, context }: JudgingContext,
  checks: readonly Check[],
): Promise<readonly RunnableCheck[]> {
  const surroundings: CheckSurroundings = {
    client,
    namespace: release.namespace,
    objects: release.objects,
    manifests: release.manifests as unknown as readonly KubernetesObject[],
    prometheus: prometheusOf(release, context),
    words: wordsOf(release),
    released: new Date(release.created),
    clock: () => new Date(),
    logger: context.runner.logger,
  };
  return prepareChecks(checks, surroundings);
}
