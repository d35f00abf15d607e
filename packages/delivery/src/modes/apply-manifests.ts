import type { ClusterClient } from '@slipway/cluster';
import { defined, type Plan, type Problem, type Release } from '@slipway/core';
import { type KubernetesObject, referenceTo } from '@slipway/kubernetes';
import {
  applyRelease,
  type JobLog,
  loginProblems,
  type PreparedRelease,
  planOf,
  type Right,
  rolesFor,
  throwProblems,
  unsignedProblems,
} from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import { approvedBefore } from '../guard/approved.ts';
import type { SignOffs } from '../guard/sign-offs.ts';
import type { ApplyManifestsRequest } from '../request.ts';
import { secretOpener } from '../secrets/open-secrets.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { withAdoption } from './adoption.ts';
import {
  type Delivery,
  type Judge,
  prepare,
  promotedPlan,
  unresolvedImages,
  withDelivery,
} from './prepare.ts';

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
 * @param judge by default the registry decides whether they may go there
 * @throws SlipwayError with every refusal before the first write, and for a release that could not be written whole
 */
export async function applyManifests(
  request: ApplyManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
  listener: ApplyListener,
  judge?: Judge,
): Promise<Release> {
  return await deliver(request, signOffs, surroundings, {
    listener,
    guardsFor: () => UNGUARDED,
    ...defined({ judge }),
  });
}

/** What else decides about a release, and may end it without one: `Instead` says why. */
export interface Guards<Instead> {
  /** Rights that it needs besides those for objects and records. */
  readonly rights: readonly Right[];
  /** Called first, once the manifests are in order. @returns what there is in place of a release */
  admit(): Promise<Instead | undefined>;
  /** Why it is refused, with everything else that is found against it. */
  problems(): Promise<readonly Problem[]>;
  /** Called once nothing refuses the release, before its first write. @returns what there is in place of a release */
  enter(): Promise<Instead | undefined>;
  /** Called with the lock before there is a record. */
  beforeRecord(client: ClusterClient): Promise<void>;
  beforeLastStage(): Promise<void>;
}

const UNGUARDED: Guards<never> = {
  rights: [],
  admit: async () => undefined,
  problems: async () => [],
  enter: async () => undefined,
  beforeRecord: async () => {},
  beforeLastStage: async () => {},
};

/** How a delivery is watched, and what else decides about it. */
export interface DeliveryTerms<Instead> {
  readonly listener: ApplyListener;
  readonly guardsFor: (delivery: Delivery) => Guards<Instead>;
  /** By default the registry decides whether it may go there. */
  readonly judge?: Judge;
}

/** As `applyManifests`, with guards. */
export async function deliver<Instead>(
  request: ApplyManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
  { listener, guardsFor, judge }: DeliveryTerms<Instead>,
): Promise<Release | Instead> {
  const secretsFor = (desired: DesiredState): Delivery['openSecrets'] =>
    desired.checkout === undefined || desired.seals.length === 0
      ? undefined
      : secretOpener(desired, desired.checkout, request.secrets, surroundings);
  const work = async (opened: Delivery): Promise<Release | Instead> => {
    const { desired, client } = opened;
    const guards = guardsFor(opened);
    const instead = await guards.admit();
    if (instead !== undefined) return instead;
    const refusals = [...(await guards.problems()), ...unresolvedImages(desired), ...opened.refusals];
    const delivery = { ...opened, refusals, rights: guards.rights };
    const approved = approvedBefore(desired, request, surroundings);
    const prepareAgain = async (connected: ClusterClient): Promise<PreparedRelease> => {
      const found = await prepare(delivery, connected, request, surroundings);
      const outdated = await approved.problems(connected, found);
      return {
        ...found,
        problems: [...outdated, ...unsafeSteps(found, request, connected, surroundings), ...found.problems],
      };
    };
    const prepared = await prepareAgain(client);
    const { latest, missing, rights } = prepared;
    const preparing = { delivery, client, request, surroundings };
    const plan = await withAdoption(await approved.beside(planOf(prepared)), prepared, preparing);
    await listener.onPlan({
      plan: promotedPlan(plan, delivery.promotion),
      latest,
      missingRoles: rolesFor(missing, rights, desired.identity.namespace),
    });
    throwProblems(prepared);
    const left = await guards.enter();
    if (left !== undefined) return left;
    const { signal, logger, clock } = surroundings;
    return await applyRelease({
      prepared,
      client,
      prepareAgain,
      onRecorded: release => listener.onRecorded(release, desired),
      onJobLogs: logs => listener.onJobLogs(logs),
      beforeRecord: connected => guards.beforeRecord(connected),
      beforeLastStage: () => guards.beforeLastStage(),
      timeout: request.timeout,
      lockTimeout: request.lockTimeout,
      ...{ clock, signal, logger },
    });
  };
  return await withDelivery(request, signOffs, surroundings, secretsFor, work, judge);
}

/** Why this run may not begin steps; a plan may be made where neither the key nor the login is that of the release. */
function unsafeSteps(
  { steps, objects, request: { identity, strategy } }: PreparedRelease,
  { signed }: Pick<ApplyManifestsRequest, 'signed'>,
  { loginEnds }: Pick<ClusterClient, 'loginEnds'>,
  { clock }: Pick<DeliverySurroundings, 'clock'>,
): readonly Problem[] {
  if (strategy === undefined || steps === undefined || steps.workloads.length === 0) return [];
  const references = objects.map(({ object }) => referenceTo(object));
  return [
    ...(signed ? [] : unsignedProblems(references, identity.namespace)),
    ...loginProblems(strategy, loginEnds, clock()),
  ];
}
