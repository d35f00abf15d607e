import type { ClusterClient } from '@slipway/cluster';
import { count, defined, formatProblem, type Plan, type Problem } from '@slipway/core';
import {
  type HoldState,
  holdRefusals,
  type OpenedSecrets,
  type PreparedRelease,
  prepareRelease,
  type ReleaseErrorCode,
  type ReleaseRequest,
  type Right,
  type Rules,
  readHold,
  recordRules,
} from '@slipway/release';
import type { DesiredState } from '../desired/desired-state.ts';
import { readDesiredState } from '../desired/read-desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import { olderConfigProblems } from '../guard/older-config.ts';
import { passedBeforeProblems } from '../guard/passed-before.ts';
import { policyProblems, readRules } from '../guard/policies.ts';
import { judgePromotion, type PromotionVerdict } from '../guard/promotion.ts';
import { reachProblems } from '../guard/reach.ts';
import { takenProblems } from '../guard/recorded-destination.ts';
import { checkSeals } from '../guard/seals.ts';
import type { SignOffs } from '../guard/sign-offs.ts';
import { countedHold } from '../guard/stored-hold.ts';
import { unattendedProblems } from '../guard/unattended.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { clusterOf } from './with-formation.ts';

/** What speaks for and against a desired state, besides its cluster. */
export interface Judgement {
  readonly promotion: PromotionVerdict;
  readonly refusals: readonly Problem[];
  /** What the cluster has that keeps this from being delivered to it. */
  inCluster?(prepared: PreparedRelease): readonly Problem[];
}

/** Decides whether a desired state may be delivered, before its cluster is asked. */
export type Judge = (desired: DesiredState) => Promise<Judgement>;

/** A desired state beside the cluster that it is for. */
export interface Delivery extends Pick<Judgement, 'inCluster'> {
  readonly desired: DesiredState;
  readonly client: ClusterClient;
  readonly rules: Rules;
  readonly signOffs: SignOffs;
  /** What was found against it before the cluster was asked. */
  readonly refusals: readonly Problem[];
  readonly promotion: PromotionVerdict;
  /** Rights that the release needs besides those for its objects. */
  readonly rights?: readonly Right[] | undefined;
  /** Undefined where no secret is opened, as in a plan. */
  readonly openSecrets: (() => Promise<OpenedSecrets>) | undefined;
}

/**
 * Reads what is desired, opens its cluster, does the work, and closes the cluster again.
 * @param secretsFor how secrets are opened, if they are
 * @param judge by default the registry decides whether it may go here
 */
export async function withDelivery<Result>(
  request: PlanManifestsRequest,
  signOffs: SignOffs,
  surroundings: DeliverySurroundings,
  secretsFor: (desired: DesiredState) => Delivery['openSecrets'],
  work: (delivery: Delivery) => Promise<Result>,
  judge: Judge = desired => judgeByRegistry(desired, request, surroundings),
): Promise<Result> {
  const desired = await readDesiredState(request, surroundings);
  checkSeals(desired);
  const [judgement, client] = await Promise.all([
    judge(desired),
    surroundings.openCluster(clusterOf(desired)),
  ]);
  try {
    const rules = await readRules(desired, request, surroundings.workspace);
    return await work({
      ...{ desired, client, rules, signOffs },
      ...judgement,
      openSecrets: secretsFor(desired),
    });
  } finally {
    client.close();
  }
}

async function judgeByRegistry(
  desired: DesiredState,
  request: PlanManifestsRequest,
  surroundings: DeliverySurroundings,
): Promise<Judgement> {
  const [promotion, before] = await Promise.all([
    judgePromotion(desired, request, surroundings),
    passedBeforeProblems(desired, surroundings),
  ]);
  return { promotion, refusals: eachOnce([...promotion.refusals, ...before]) };
}

/** A registry that does not answer is asked by several rules, and says so once. */
export function eachOnce(problems: readonly Problem[]): Problem[] {
  return [...new Map(problems.map(problem => [formatProblem(problem), problem])).values()];
}

/** Compares the desired state with the cluster, and collects every refusal. */
export async function prepare(
  { desired, rules, signOffs, refusals, promotion, rights, openSecrets, inCluster }: Delivery,
  client: ClusterClient,
  request: PlanManifestsRequest,
  surroundings: DeliverySurroundings,
): Promise<PreparedRelease> {
  const prepared = await prepareRelease({
    client,
    request: {
      ...releaseRequestOf({ desired, rules, promotion }, request, surroundings),
      ...defined({ rights }),
    },
    openSecrets,
  });
  const { identity } = desired;
  const noted = await readHold(client, identity, surroundings.clock(), prepared.newest);
  const hold = await countedHold(desired, prepared.latest, noted, surroundings);
  const policies = await policyProblems(desired, prepared, {
    ...{ client, rules, signOffs, surroundings },
    promoted: promotion.promoted,
  });
  const { promoted } = promotion;
  const older =
    promoted === undefined
      ? []
      : await olderConfigProblems({
          ...{ promoted, request, previous: prepared.previous },
          sharedRevisions: desired.sharedRevisions,
          ...{ history: surroundings.commits, logger: surroundings.logger },
        });
  const { previous } = prepared;
  const unattended = await unattendedProblems(desired, request, prepared, surroundings);
  const unsigned = await signOffs.settle(promotion.signOffs ?? [], { previous, promoted });
  return {
    ...prepared,
    problems: [
      ...nothingDesired(desired, prepared),
      ...takenProblems(desired, prepared.newest),
      ...reachProblems(desired),
      ...(isToldByRights(hold, prepared) ? [] : holdRefusals(identity, hold)),
      ...refusals,
      ...(inCluster?.(prepared) ?? []),
      ...older,
      ...prepared.problems,
      ...unattended,
      ...policies,
      ...unsigned,
    ],
  };
}

/** That Leases may not be read is one of the rights that are missing, which say what to grant. */
function isToldByRights({ state }: HoldState, { missing }: Pick<PreparedRelease, 'missing'>): boolean {
  return state === 'unknown' && missing.some(({ resource, verb }) => resource === 'leases' && verb === 'get');
}

/** What a release is asked for, by a desired state and the options of a run. */
export function releaseRequestOf(
  { desired, rules, promotion }: Pick<Delivery, 'desired' | 'rules' | 'promotion'>,
  { options, reason }: PlanManifestsRequest,
  { run }: DeliverySurroundings,
): ReleaseRequest {
  const { identity, objects, seals, snapshot, configRevision, digest, allow, verify, checkout } = desired;
  const { sharedRevisions, set, strategy, strategyAt } = desired;
  return {
    identity,
    objects: objects.map(manifest => ({
      object: manifest.object,
      positionAt: pointer => manifest.positionAt(pointer),
    })),
    seals,
    snapshot,
    deploymentTag: snapshot?.deploymentTag,
    configRevision,
    configOrigin: defined({ sharedRevisions, set, configFrom: promotion.configFrom }),
    digest,
    allow,
    verify,
    ...defined({ strategy, strategyAt }),
    rules: recordRules(rules),
    server: checkout?.destination.cluster?.server,
    ...options,
    actor: run.actor,
    run: run.url,
    reason,
  };
}

/** Nothing is pruned for a release without objects, as an empty set is a mistake more often than a wish. */
export function nothingDesired(
  { objects, identity: { application, formation } }: DesiredState,
  { leaving }: Pick<PreparedRelease, 'leaving'>,
): Problem<DeliveryErrorCode>[] {
  if (objects.length > 0) return [];
  const left = leaving.length === 0 ? '' : `, and ${count(leaving.length, 'object')} would be left`;
  return [
    {
      code: 'nothing-to-deploy',
      message: `the manifests of ${application}/${formation} have no objects${left}`,
      remedy: 'check what was rendered; to remove everything, use "mode: destroy"',
    },
  ];
}

/** A plan for a pull request has no snapshot yet, so this counts for releases only. */
export function unresolvedImages({ checkout, snapshot }: DesiredState): Problem<ReleaseErrorCode>[] {
  if (checkout === undefined || snapshot !== undefined) return [];
  return [
    {
      code: 'image-unresolved',
      message: 'the manifests were rendered without a snapshot, so their images are unresolved',
      remedy: 'give render-stencil the output "snapshot" of build-retag',
    },
  ];
}

/** The plan of a delivery, with what a promotion leaves out. */
export function promotedPlan(plan: Plan, { limits: left = [] }: PromotionVerdict): Plan {
  const limits = [...(plan.limits ?? []), ...left];
  return limits.length === 0 ? plan : { ...plan, limits };
}
