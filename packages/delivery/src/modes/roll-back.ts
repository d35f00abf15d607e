import type { ClusterClient } from '@slipway/cluster';
import { quote, type Release, SlipwayError } from '@slipway/core';
import { readRelease, undoRelease } from '@slipway/release';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { differingShared } from '../guard/older-shared.ts';
import { checkoutRules, readRules } from '../guard/policies.ts';
import { restoredSecretsText } from '../guard/restored-secrets.ts';
import { storeHold, warnUnstored } from '../guard/stored-hold.ts';
import { takenBackText } from '../guard/taken-back.ts';
import type { RollBackRequest } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { newestRelease, numberOf } from './find-release.ts';
import { holdOf } from './hold.ts';
import { withFormation } from './with-formation.ts';

/** What happens on the way to a rollback, in this order. */
export interface RollBackListener {
  onFound(newest: Release): void;
  /** The record of the new release exists, and no object was written yet. */
  onRecorded(release: Release, found: FoundFormation): void;
}

/**
 * Restores an earlier release, as a new one, and holds the formation.
 * @throws SlipwayError `release-unknown`, and as an apply does
 */
export async function rollBack(
  request: RollBackRequest,
  surroundings: DeliverySurroundings,
  listener: RollBackListener,
): Promise<Release> {
  const found = await findReleased(request, surroundings);
  const { identity, checkout } = found;
  return await withFormation(found, surroundings, async client => {
    const newest = await newestRelease(client, identity);
    listener.onFound(newest);
    const { run, clock, signal, logger, workspace } = surroundings;
    const reason = request.reason || `rolled back by ${run.actor || 'an unknown user'}`;
    const hasNoRules = checkout === undefined && request.policies.length + request.packs.length === 0;
    let said = Promise.resolve();
    let recorded: Release | undefined;
    return await undoRelease({
      ...{ client, clock, signal, logger },
      release: newest,
      to: await numberOf(client, identity, request.to),
      // Without a checkout the rules are those of the newest release.
      rules: hasNoRules ? undefined : await readRules(checkoutRules(checkout), request, workspace),
      onRecorded: release => {
        recorded = release;
        listener.onRecorded(release, found);
        said = sayTakenBack(newest, release, client, surroundings);
      },
      forceConflicts: request.forceConflicts || undefined,
      repository: identity.repository,
      actor: run.actor,
      run: run.url,
      reason,
      // What someone took out by hand must not be deployed again by the next push.
      hold: holdOf({ ...request, reason }, surroundings),
      lockTimeout: request.lockTimeout,
      timeout: request.timeout,
    }).finally(async () => {
      await said;
      // A rollback that fails half-way holds the formation as well.
      if (recorded?.hold === undefined) return;
      await storeHold(found, recorded.hold, surroundings);
      warnUnstored(found, recorded, logger);
    });
  });
}

/** A rollback may take back whatever it takes back, but not without a word. */
async function sayTakenBack(
  newest: Release,
  restored: Release,
  client: ClusterClient,
  { commits: history, logger }: Pick<DeliverySurroundings, 'commits' | 'logger'>,
): Promise<void> {
  const { restores, configRevision } = restored;
  const target = await readRestored(client, restored);
  const secrets = target && restoredSecretsText(target);
  if (secrets !== undefined) logger.info(secrets);
  for (const { folder, live, next } of differingShared(newest.sharedRevisions, restored.sharedRevisions))
    logger.info(
      `Release ${restores} has another commit of the second checkout with ${quote(folder)} than release ${newest.number}: ${await takenBackText(live, next, history.shared(folder), 'that folder')}`,
    );
  const live = newest.configRevision;
  if (live === configRevision) return;
  const differs = `Release ${restores} has other stencils and config than release ${newest.number}`;
  if (live === undefined || configRevision === undefined)
    logger.info(`${differs}, and one of them does not say from which commit it was rendered`);
  else logger.info(`${differs}: ${await takenBackText(live, configRevision, history)}`);
}

/** @returns undefined if it cannot be read any more, which the rollback itself has to deal with */
async function readRestored(client: ClusterClient, restored: Release): Promise<Release | undefined> {
  if (restored.restores === undefined) return undefined;
  try {
    return await readRelease(client, restored, restored.restores);
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}
