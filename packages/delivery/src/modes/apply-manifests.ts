import type { ClusterClient } from '@slipway/cluster';
import type { Plan, Release } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import {
  applyRelease,
  type JobLog,
  type PreparedRelease,
  planOf,
  rolesFor,
  throwProblems,
} from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import { approvedBefore } from '../guard/approved.ts';
import type { SignOffs } from '../guard/sign-offs.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import { secretOpener } from '../secrets/open-secrets.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { type Delivery, prepare, promotedPlan, unresolvedImages, withDelivery } from './prepare.ts';

/** What happens on the way to a release, in this order. */
export interface ApplyListener {
  /** Before anything is written or refused. */
  onPlan(planned: {
    readonly plan: Plan;
    /** The newest release; 0 without one. */
    readonly latest: number;
    /** Roles that grant the rights which applying needs and the credentials lack. */
    readonly missingRoles: readonly KubernetesObject[];
  }): Promise<void>;
  /** The record exists, and no object was written yet. */
  onRecorded(release: Release, desired: DesiredState): void;
  onJobLogs(logs: readonly JobLog[]): void;
}

/**
 * Brings manifests to a cluster as one numbered release.
 * @throws SlipwayError with every refusal before the first write, and for a release that could not be written whole
 */
export async function applyManifests(
  request: ApplyManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
  listener: ApplyListener,
): Promise<Release> {
  const secretsFor = (desired: DesiredState): Delivery['openSecrets'] =>
    desired.checkout === undefined || desired.seals.length === 0
      ? undefined
      : secretOpener(desired, desired.checkout, request.secrets, surroundings);
  return await withDelivery(request, signOffs, surroundings, secretsFor, async opened => {
    const { desired, client } = opened;
    const delivery = { ...opened, refusals: [...unresolvedImages(desired), ...opened.refusals] };
    const approved = approvedBefore(desired, request, surroundings);
    const prepareAgain = async (connected: ClusterClient): Promise<PreparedRelease> => {
      const found = await prepare(delivery, connected, request, surroundings);
      return { ...found, problems: [...(await approved.problems(connected, found)), ...found.problems] };
    };
    const prepared = await prepareAgain(client);
    const { latest, missing, rights } = prepared;
    await listener.onPlan({
      plan: promotedPlan(await approved.beside(planOf(prepared)), delivery.promotion),
      latest,
      missingRoles: rolesFor(missing, rights, desired.identity.namespace),
    });
    throwProblems(prepared);
    const { signal, logger, clock } = surroundings;
    return await applyRelease({
      prepared,
      client,
      prepareAgain,
      onRecorded: release => listener.onRecorded(release, desired),
      onJobLogs: logs => listener.onJobLogs(logs),
      timeout: request.timeout,
      lockTimeout: request.lockTimeout,
      ...{ clock, signal, logger },
    });
  });
}
