import type { ClusterClient } from '@slipway/cluster';
import { quote, type Release } from '@slipway/core';
import { isInSteps, readLiveNow, undoRelease } from '@slipway/release';
import { findReleased } from '../formation/find-formation.ts';
import type { FoundFormation } from '../formation/found-formation.ts';
import { differingShared } from '../guard/older-shared.ts';
import { checkoutRules, readRules } from '../guard/policies.ts';
import { storeHold } from '../guard/store-hold.ts';
import { warnUnstored } from '../guard/stored-hold.ts';
import { takenBackText } from '../guard/taken-back.ts';
import type { RollBackRequest } from '../request.ts';
import { readSecretsAgain } from '../secrets/read-again.ts';
import { restoredSecretsText } from '../secrets/restored-secrets.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import { newestRelease, readUndone } from './find-release.ts';
import { holdOf } from './hold.ts';
import { readNamed, unprovenText } from './named-release.ts';
import { openNotRestored, rejectHeld } from './reject-held.ts';
import { takeBackPassed } from './take-back-passed.ts';
import { withFormation } from './with-formation.ts';

/** What happens on the way to a rollback, in this order. */
export interface RollBackListener {
  /** What decides whether it may be rolled back at all; called before anything is read of it. */
  admit?(found: FoundFormation, client: ClusterClient): Promise<void>;
  onFound(newest: Release): void;
  /** What becomes of the restored release's secrets, in sentences; called together with `onRecorded`. */
  onSecrets(sentences: readonly string[]): void;
  /** The record of the new release exists, and no object was written yet. */
  onRecorded(release: Release, found: FoundFormation): void;
}

/**
 * Restores an earlier release, as a new one, and holds the formation. A release in steps that is open is rejected, and only with `to`
 * another one is restored after that.
 * @returns the new release, or the one that was rejected
 * @throws SlipwayError `release-unknown`, and as an apply does
 */
export async function rollBack(
  request: RollBackRequest,
  surroundings: DeliverySurroundings,
  listener: RollBackListener,
): Promise<Release> {
  const found = await findReleased(request, surroundings);
  const { identity, checkout } = found;
  const admit = async (client: ClusterClient): Promise<void> => await listener.admit?.(found, client);
  const work = async (client: ClusterClient): Promise<Release> => {
    const latest = await newestRelease(client, identity);
    listener.onFound(latest);
    const { run, clock, signal, logger, workspace } = surroundings;
    const reason = request.reason || `rolled back by ${run.actor || 'an unknown user'}`;
    const hasNoRules = checkout === undefined && request.policies.length + request.packs.length === 0;
    const named = await readNamed(client, identity, request.to);
    const unproven = named && unprovenText(named);
    const isOpen = isInSteps(latest);
    if (isOpen && named?.number === latest.number) throw openNotRestored(latest);
    const left = isOpen
      ? await rejectHeld(latest, found, { ...request, reason }, { ...surroundings, client })
      : latest;
    // One that was committed meanwhile is rolled back like any other.
    if (isOpen && named === undefined && left.verdict !== 'succeeded') return left;
    const newest = (await readLiveNow(client, identity)) ?? left;
    let said = Promise.resolve();
    let takenBack = Promise.resolve();
    let recorded: Release | undefined;
    let secrets: readonly string[] = [];
    return await undoRelease({
      ...{ client, clock, signal, logger },
      release: newest,
      to: named?.number,
      // Without a checkout the rules are those of the newest release.
      rules: hasNoRules ? undefined : await readRules(checkoutRules(checkout), request, workspace),
      readAgain: async release => {
        const { again, restored } = await readSecretsAgain(release, found, request.secrets, surroundings);
        secrets = restoredSecretsText(release, restored, clock());
        return again;
      },
      onRecorded: release => {
        recorded = release;
        if (unproven !== undefined) logger.warning(unproven);
        listener.onRecorded(release, found);
        listener.onSecrets(secrets);
        // A sentence that cannot be said must not end a rollback that writes.
        said = sayTakenBack(newest, release, client, surroundings).catch((error: unknown) =>
          logger.warning(`What release ${release.number} takes back is not known: ${String(error)}`),
        );
        takenBack = takeBackPassed(found, { before: newest, restored: release }, client, surroundings);
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
      // A rollback that fails half-way holds the formation as well.
      if (recorded?.hold !== undefined) {
        await storeHold(found, recorded.hold, client, surroundings);
        warnUnstored(found, recorded, 'set', logger);
      }
      await takenBack;
      await said;
    });
  };
  return await withFormation(found, surroundings, work, admit);
}

/**
 * A rollback may take back whatever it takes back, but not without a word.
 * @param before the newest release before the wait for the lock, which another one may have followed
 */
async function sayTakenBack(
  before: Release,
  restored: Release,
  client: ClusterClient,
  { commits: history, logger }: Pick<DeliverySurroundings, 'commits' | 'logger'>,
): Promise<void> {
  const { restores, configRevision } = restored;
  const undone = await readUndone(client, before, restored);
  for (const { folder, live, next } of differingShared(undone.sharedRevisions, restored.sharedRevisions))
    logger.info(
      `Release ${restores} has another commit of the second checkout with ${quote(folder)} than release ${undone.number}: ${await takenBackText(live, next, history.shared(folder), 'that folder')}`,
    );
  const live = undone.configRevision;
  if (live === configRevision) return;
  const differs = `Release ${restores} has other stencils and config than release ${undone.number}`;
  if (live === undefined || configRevision === undefined)
    logger.info(`${differs}, and one of them does not say from which commit it was rendered`);
  else logger.info(`${differs}: ${await takenBackText(live, configRevision, history)}`);
}
