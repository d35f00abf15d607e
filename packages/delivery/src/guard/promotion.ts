import {
  count,
  defined,
  type Finding,
  type Problem,
  quote,
  SlipwayError,
  type Snapshot,
  type Verdict,
} from '@slipway/core';
import type { RegistryClient } from '@slipway/registry';
import { configOf, headDifferences, orUnknown, unsignedPromotions } from '@slipway/render';
import type { DesiredState } from '../desired/desired-state.ts';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliveryHistory, DeliverySurroundings } from '../surroundings.ts';
import { headFindings } from './head-sign-off.ts';
import { headProblems, type PromotedQuery, passedProblems } from './promoted-config.ts';
import { rolledBackText } from './rolled-back-text.ts';

type PromotionSurroundings = Pick<
  DeliverySurroundings,
  'openRegistry' | 'commits' | 'logger' | 'earlier' | 'workspace'
>;

/** Whether what is desired may be deployed here, as far as that is decided by what passed elsewhere. */
export interface PromotionVerdict {
  readonly refusals: readonly Problem[];
  /** The commit that passed, where its stencils and config are deployed: what was approved until it counts, and nothing later. */
  readonly promoted?: string | undefined;
  /** What a plan of it does not show, and why. */
  readonly limits?: readonly string[];
  /** Whether stencils and config of the checkout are deployed, and not those that passed. */
  readonly configFrom?: 'head' | undefined;
  /** What of that someone has to approve. */
  readonly signOffs?: readonly Finding[];
}

/**
 * Whether the snapshot may be deployed here: with a record key, whether it was signed; whether it succeeded in the formation that this
 * one is promoted from, by the verdicts in the registry; and whether the stencils and config are those with which it did.
 */
export async function judgePromotion(
  desired: DesiredState,
  request: Pick<PlanManifestsRequest, 'application' | 'signed' | 'config' | 'reason'>,
  surroundings: PromotionSurroundings,
): Promise<PromotionVerdict> {
  const { openRegistry } = surroundings;
  const { snapshot } = desired;
  const earlier = promotedFrom(desired);
  if (snapshot === undefined || (earlier === undefined && !request.signed)) return { refusals: [] };
  const unsigned = request.signed ? [] : unsignedHere(desired);
  if (unsigned.length > 0) return { refusals: unsigned };
  try {
    const registry = await openRegistry();
    if (earlier !== undefined)
      return await judgeEarlier(registry, snapshot, earlier, { desired, request, surroundings });
    const { findSame } = await import('@slipway/registry');
    await findSame(registry, snapshot);
    return { refusals: [] };
  } catch (error) {
    if (error instanceof SlipwayError) return { refusals: error.problems };
    throw error;
  }
}

function unsignedHere({ checkout }: DesiredState): readonly Problem[] {
  return checkout === undefined
    ? []
    : unsignedPromotions(checkout.repository, [checkout.formation.metadata.name]);
}

interface EarlierFormation {
  readonly formation: string;
  readonly destinations: readonly string[];
}

/** Where a snapshot must have succeeded before it is deployed here. */
function promotedFrom({ checkout }: DesiredState): EarlierFormation | undefined {
  const formation = checkout?.formation.spec['promoted-from'];
  if (formation === undefined) return undefined;
  const { destinations = {} } = checkout?.repository.formations.get(formation)?.spec ?? {};
  return { formation, destinations: Object.keys(destinations) };
}

type HeadRequest = Pick<PlanManifestsRequest, 'application' | 'config' | 'reason'>;

interface PromotionContext {
  readonly desired: DesiredState;
  readonly request: HeadRequest;
  readonly surroundings: PromotionSurroundings;
}

async function judgeEarlier(
  registry: RegistryClient,
  snapshot: Snapshot,
  { formation, destinations }: EarlierFormation,
  { desired, request, surroundings }: PromotionContext,
): Promise<PromotionVerdict> {
  const { commits: history } = surroundings;
  const { deploymentTag } = snapshot;
  if (destinations.length === 0) return { refusals: [notPromoted(deploymentTag, formation, [formation])] };
  const { verdictsOn } = await import('@slipway/registry');
  const found = await verdictsOn(registry, snapshot, formation, destinations);
  const verdicts = new Map(destinations.map(name => [name, found.get(name)]));
  const lacking = destinations.filter(name => verdicts.get(name)?.verdict !== 'succeeded');
  if (lacking.length > 0) {
    const targets = lacking.map(destination => `${formation}/${destination}`);
    const why = rolledBackText(formation, lacking, verdicts);
    return { refusals: [notPromoted(deploymentTag, formation, targets, why)] };
  }
  const query = { snapshot, formation, verdicts, desired, request, history };
  if (request.config === 'head') return await judgeHead(query, surroundings);
  const promoted = desired.configRevision;
  return { refusals: await passedProblems(query), promoted, limits: await youngerCommits(promoted, history) };
}

async function judgeHead(
  query: PromotedQuery & { readonly request: HeadRequest },
  surroundings: PromotionSurroundings,
): Promise<PromotionVerdict> {
  const { desired, verdicts, history } = query;
  const { sharedRevisions = {}, set = [] } = desired;
  const origin = fromHead(verdicts, desired);
  const isAsPassed = origin.configFrom === undefined && set.length === 0;
  return {
    refusals: await headProblems(query, surroundings.logger),
    ...origin,
    limits: await headDifferences({ ...query, head: await history.head(), sharedRevisions }),
    // What passed as it is needs no one to know of it again.
    signOffs: isAsPassed ? [] : await headFindings(query, surroundings),
  };
}

/** Whoever approves a promotion may take it for all that was merged. */
async function youngerCommits(
  promoted: string | undefined,
  history: DeliveryHistory,
): Promise<readonly string[]> {
  const head = await history.head();
  if (head === undefined || promoted === undefined || head === promoted) return [];
  const younger = await orUnknown(history.takenBack(head, promoted));
  if (younger === undefined)
    return [
      'how many commits of the checkout are younger than what is promoted, and so not in it, is not known',
    ];
  if (younger.count === 0) return [];
  const are = younger.count === 1 ? 'is' : 'are';
  return [
    `${count(younger.count, 'commit')} of the checkout ${are} younger than what is promoted, and so not in it`,
  ];
}

/** A checkout that is what passed is marked as nothing else. */
export function fromHead(
  verdicts: ReadonlyMap<string, Verdict | undefined>,
  { configRevision, sharedRevisions }: Pick<DesiredState, 'configRevision' | 'sharedRevisions'>,
): Pick<PromotionVerdict, 'configFrom'> {
  const own = configOf(defined({ configRevision, sharedRevisions }));
  const isPassed = [...verdicts.values()].every(
    verdict => verdict !== undefined && configOf(verdict) === own,
  );
  return isPassed && configRevision !== undefined ? {} : { configFrom: 'head' };
}

function notPromoted(
  tag: string,
  from: string,
  targets: readonly string[],
  why = '',
): Problem<DeliveryErrorCode> {
  return {
    code: 'not-promoted',
    message: `the snapshot ${quote(tag)} has not succeeded at ${targets.join(', ')}${why}`,
    remedy: `deploy it to ${quote(from)} and verify it there first`,
  };
}
