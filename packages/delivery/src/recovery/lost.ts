import { formatProblem, SlipwayError } from '@slipway/core';
import type { RenderedDestination } from '@slipway/render';
import type { Checkout } from '../formation/checkout.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { storedAt } from '../guard/stored-hold.ts';
import type { LiveRelease } from '../live/read-live.ts';
import { type LiveSurroundings, notReproduced, renderLive } from '../live/render-live.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { readFacts } from './facts.ts';
import { judgeLost, type LastPassed } from './judge.ts';
import { notRestored } from './not-restored.ts';

/** What last passed at a destination, rendered again: it has the digest with which it passed. */
export interface Recovered {
  readonly passed: LastPassed;
  readonly rendering: RenderedDestination;
  /** What it cannot bring back, in sentences. */
  readonly notRestored: readonly string[];
}

/** One formation of a lost cluster, and what can be done about it. */
export type Lost =
  | ({ readonly state: 'ready'; readonly target: FoundFormation } & Recovered)
  | {
      readonly state: 'nothing' | 'refused';
      readonly target: FoundFormation;
      readonly why: string;
      /** What was to be brought back, as far as it is known. */
      readonly passed?: LastPassed;
    };

export type RecoverySurroundings = LiveSurroundings & Pick<DeliverySurroundings, 'clock'>;

export interface RecoveryChoice {
  /** Path of slipway.yaml; empty for the default. */
  readonly application: string;
  /** Used in place of `spec.registry` of slipway.yaml; empty for none. */
  readonly registry: string;
}

/** Finds out from the registry and Git alone what last passed at a destination, and renders it again from its commit. */
export async function readLost(
  target: FoundFormation & { readonly checkout: Checkout },
  choice: RecoveryChoice,
  surroundings: RecoverySurroundings,
): Promise<Lost> {
  try {
    return await find(target, choice, surroundings);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { state: 'refused', target, why: error.problems.map(formatProblem).join('; ') };
  }
}

async function find(
  target: FoundFormation & { readonly checkout: Checkout },
  choice: RecoveryChoice,
  surroundings: RecoverySurroundings,
): Promise<Lost> {
  const { identity, checkout } = target;
  const { application, formation, destination = '', namespace } = identity;
  const home = { registry: choice.registry || checkout.repository.application.spec.registry, application };
  const facts = await readFacts(await surroundings.openRegistry(), home, { formation, destination });
  const keepsHolds = storedAt(target) !== undefined;
  const judged = judgeLost(facts, { namespace, keepsHolds, now: surroundings.clock() });
  if (judged.state !== 'ready') return { ...judged, target };
  const { passed } = judged;
  const refused = (why: string): Lost => ({ state: 'refused', target, why, passed });
  const snapshot = await facts.snapshot(passed.deploymentTag);
  if (snapshot === undefined)
    return refused(`the registry does not have its snapshot ${passed.deploymentTag} any more`);
  const live: LiveRelease = {
    ...{ release: passed.left.number, verdict: 'succeeded', verified: passed.verified, snapshot },
    ...{ revision: passed.revision, digest: passed.left.digest, isRollback: false },
    ...{ sharedRevisions: passed.left.sharedRevisions, configFrom: passed.left.configFrom },
  };
  const again = await renderLive(live, { identity, checkout }, choice.application, surroundings);
  if ('why' in again) return refused(again.why);
  const { sharedRevisions } = passed.left;
  if (!again.isSame) return refused(notReproduced(live, again, { checkout, sharedRevisions }).join('; '));
  const { rendering } = again;
  // What is not part of the digest is as the verdict says it.
  const rendered =
    sharedRevisions === undefined ? rendering.rendered : { ...rendering.rendered, sharedRevisions };
  return {
    ...{ state: 'ready', target, passed, rendering: { ...rendering, rendered } },
    notRestored: notRestored(rendering.objects),
  };
}
