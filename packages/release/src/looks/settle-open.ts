import type { ClusterClient } from '@slipway/cluster';
import { type Release, SlipwayError } from '@slipway/core';
import { type Driven, drive } from '@slipway/steps';
import type { ReleaseErrorCode } from '../error-codes.ts';
import type { BeforeDeploy } from '../plan/before-deploy.ts';
import type { TakenLock } from '../records/lock.ts';
import { changeRecord } from '../records/records.ts';
import { readStableRecord } from '../records/stable-record.ts';
import { heldStepsGround, type StepsGroundOptions } from './steps-ground.ts';

/**
 * Carries an open release to its end before a newer one begins: it is undone, or what was committed or undone already goes on. A newer
 * release does not begin beside it, whatever stops it.
 * @throws SlipwayError `release-in-steps` if it cannot be carried to its end now, `stable-record-missing`
 */
export async function settleOpen(
  open: Release,
  before: Extract<BeforeDeploy, { do: 'undo' | 'finish' }>,
  options: Omit<StepsGroundOptions, 'release' | 'judge'> & { readonly client: ClusterClient },
  taken: Pick<TakenLock, 'standby'>,
): Promise<void> {
  const { client, logger } = options;
  await readStableRecord(client, open);
  logger.info(
    `Release ${open.number} is open: it is ${before.do === 'undo' ? 'undone' : 'carried to its end'} first`,
  );
  if (before.do === 'undo') await changeRecord(client, open, record => ({ ...record, steps: before.to }));
  const ground = heldStepsGround(
    { ...options, release: open, judge: () => Promise.reject(neverJudged()) },
    taken,
  );
  const driven = await drive(ground, { attend: 0 });
  if (driven.ended !== 'closed') throw notSettled(open, driven);
  logger.info(`Release ${open.number} is closed as ${driven.verdict}`);
}

/** What is undone or committed has been judged. */
function neverJudged(): Error {
  return new TypeError('a deploy judges no step');
}

function notSettled({ number }: Release, driven: Driven): SlipwayError<ReleaseErrorCode> {
  const why = driven.ended === 'open' ? driven.says : 'it is not clear why';
  return new SlipwayError({
    code: 'release-in-steps',
    message: `release ${number} is open and cannot be carried to its end now: ${why}; nothing is deployed`,
    remedy: `run verify-rollout with "release: ${number}", or with "decision: reject" as well, and deploy again`,
  });
}
