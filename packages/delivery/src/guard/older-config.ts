import { type Logger, type Problem, quote, type Release } from '@slipway/core';
import { orUnknown, shortId } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliveryHistory } from '../surroundings.ts';
import { droppedShared, OLDER_REMEDY, olderShared } from './older-shared.ts';
import { takenBackText } from './taken-back.ts';

type LiveRelease = Pick<Release, 'number' | 'configRevision' | 'sharedRevisions'>;

export interface OlderConfigQuery {
  /** The commit whose stencils and config are to be deployed, which passed. */
  readonly promoted: string;
  /** The commits of second checkouts that passed with it, by folder. */
  readonly sharedRevisions: Readonly<Record<string, string>> | undefined;
  readonly previous: LiveRelease | undefined;
  readonly request: Pick<PlanManifestsRequest, 'allowOlderConfig' | 'reason'>;
  readonly history: DeliveryHistory;
  readonly logger: Pick<Logger, 'info' | 'warning'>;
}

/**
 * A promotion whose commits do not contain what is live would take back a change of the configuration, such as the host of a database
 * that was moved in an incident.
 * @returns the refusals
 */
export async function olderConfigProblems(
  query: OlderConfigQuery,
): Promise<readonly Problem<DeliveryErrorCode>[]> {
  const { previous, sharedRevisions, request, history, logger } = query;
  if (previous === undefined) return [];
  const [own, shared] = await Promise.all([
    olderOwn(previous, query),
    olderShared(previous, sharedRevisions, history),
  ]);
  const older = [...own, ...shared];
  for (const folder of droppedShared(previous.sharedRevisions, sharedRevisions))
    logger.warning(
      `Release ${previous.number}, which is live, has a second checkout with ${quote(folder)}, and what is promoted has none, so it is not known whether this takes back a change of it`,
    );
  if (older.length === 0) return [];
  if (request.allowOlderConfig && request.reason !== '') {
    for (const { message } of older) logger.warning(message);
    return [];
  }
  return [...(request.allowOlderConfig ? [withoutReason()] : []), ...older];
}

async function olderOwn(
  { number, configRevision: live }: LiveRelease,
  { promoted, history, logger }: OlderConfigQuery,
): Promise<readonly Problem<DeliveryErrorCode>[]> {
  if (live === undefined) {
    logger.warning(
      `Release ${number}, which is live, does not say from which commit it was rendered, so it is not known whether this takes back a change of its config`,
    );
    return [];
  }
  if (live === promoted || (await orUnknown(history.isContained(live, promoted))) === true) return [];
  return [
    {
      code: 'config-older',
      message: `release ${number}, which is live, has the stencils and config of ${shortId(live)}, which the commit ${shortId(promoted)} that passed does not contain: ${await takenBackText(live, promoted, history)}`,
      remedy: OLDER_REMEDY,
    },
  ];
}

function withoutReason(): Problem<DeliveryErrorCode> {
  return {
    code: 'reason-missing',
    message: 'input "allow-older-config" is "true", and nothing says why',
    remedy: 'say in the input "reason" why this does not go the usual way: it is recorded with the release',
  };
}
