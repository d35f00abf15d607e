import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  isJsonObject,
  type JsonValue,
  type Logger,
  type Position,
  quote,
  type RecordedObject,
  SlipwayError,
} from '@slipway/core';
import { type Kind, type KubernetesObject, kindKey, type ObjectReference } from '@slipway/kubernetes';
import { type Fault, type FormationTerms, type WatchedObject, watchRollout } from '@slipway/rollout';
import { unlessUnknown } from '../cluster/expected-errors.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';

/** An object of a stage, with its manifest. */
export type StageObject = RecordedObject & Pick<WatchedObject, 'declared'>;

export interface SettleOptions extends Partial<FormationTerms> {
  readonly client: ClusterClient;
  /** Milliseconds without progress after which a stage has failed. */
  readonly timeout: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Milliseconds that an API server may take to serve a kind after its definition was accepted. */
const SERVING_TIMEOUT = 30_000;
const LOOK_EVERY = 100;

/** Kinds that are settled as soon as they are written, so that watching them would only cost requests. */
const WITHOUT_STATUS = [
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Role.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'ClusterRole.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
];

/** Whether an object is of a kind that is more than what was written. */
export function hasStatus(object: Kind): boolean {
  return !WITHOUT_STATUS.includes(kindKey(object));
}

/**
 * Waits until a stage is settled, by the rules by which a rollout is verified.
 * @param positionOf the position of a fault in the manifests
 * @returns the Jobs of the stage that have completed
 * @throws SlipwayError `stage-failed`, with the reason
 */
export async function settleStage(
  objects: readonly StageObject[],
  options: SettleOptions,
  positionOf: (fault: Fault) => Position | undefined,
): Promise<readonly ObjectReference[]> {
  const watched = objects.filter(hasStatus);
  if (watched.length === 0) return [];
  const { verdict, summary, fault, ran } = await watchRollout({
    ...options,
    objects: watched,
    stableFor: 0,
    onChange: ({ object, status, message }) =>
      options.logger.info(`  ${object.kind} ${object.name}: ${status} (${message})`),
  });
  if (verdict === 'succeeded') return ran;
  const at = fault === undefined ? undefined : positionOf(fault);
  throw new SlipwayError<ReleaseErrorCode>({ code: 'stage-failed', message: summary, at });
}

/**
 * Waits until the cluster serves the kinds that these CustomResourceDefinitions bring.
 * @throws SlipwayError `kind-not-served`
 */
export async function waitUntilServed(
  definitions: readonly KubernetesObject[],
  { client, clock, signal }: SettleOptions,
): Promise<void> {
  const deadline = clock().getTime() + SERVING_TIMEOUT;
  for (const { apiVersion, kind } of definitions.flatMap(servedKinds)) {
    while ((await unlessUnknown(client.resource(apiVersion, kind))) === undefined) {
      if (clock().getTime() >= deadline) throw kindNotServed(apiVersion, kind);
      await sleep(LOOK_EVERY, undefined, { signal });
    }
  }
}

function servedKinds({ spec }: KubernetesObject): { readonly apiVersion: string; readonly kind: string }[] {
  if (!isJsonObject(spec) || !isJsonObject(spec['names']) || !Array.isArray(spec['versions'])) return [];
  const kind = String(spec['names']['kind']);
  return spec['versions'].flatMap((version: JsonValue) =>
    isJsonObject(version) && version['served'] === true
      ? [{ apiVersion: `${String(spec['group'])}/${String(version['name'])}`, kind }]
      : [],
  );
}

function kindNotServed(apiVersion: string, kind: string): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'kind-not-served',
    message: `the cluster does not serve ${quote(kind)} of ${quote(apiVersion)} ${SERVING_TIMEOUT / 1000} s after its definition was accepted`,
    remedy: 'check the conditions of the CustomResourceDefinition',
  });
}
