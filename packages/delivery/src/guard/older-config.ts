import { count, excerpt, type Logger, type Problem, quote, type Release, SlipwayError } from '@slipway/core';
import { shortId } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { PlanManifestsRequest } from '../request.ts';
import type { DeliveryHistory, TakenBack } from '../surroundings.ts';

/** Lines and characters of what others wrote that a message repeats. */
const MAX_LINES = 6;
const MAX_SUBJECT = 60;

type LiveRelease = Pick<Release, 'number' | 'configRevision'>;

export interface OlderConfigQuery {
  /** The commit whose stencils and config are to be deployed, which passed. */
  readonly promoted: string;
  readonly previous: LiveRelease | undefined;
  readonly request: Pick<PlanManifestsRequest, 'allowOlderConfig' | 'reason'>;
  readonly history: DeliveryHistory;
  readonly logger: Pick<Logger, 'info' | 'warning'>;
}

/**
 * A promotion whose commit does not contain what is live would take back a change of the configuration, such as the host of a database
 * that was moved in an incident.
 * @returns the refusals
 */
export async function olderConfigProblems(
  query: OlderConfigQuery,
): Promise<readonly Problem<DeliveryErrorCode>[]> {
  const { promoted, previous, request, history, logger } = query;
  if (previous === undefined) return [];
  const { number, configRevision: live } = previous;
  if (live === undefined) {
    logger.warning(
      `Release ${number}, which is live, does not say from which commit it was rendered, so it is not known whether this takes back a change of its config`,
    );
    return [];
  }
  if (live === promoted || (await orUnknown(history.isContained(live, promoted))) === true) return [];
  const what = `release ${number}, which is live, has the stencils and config of ${shortId(live)}, which the commit ${shortId(promoted)} that passed does not contain: ${await takenBackText(live, promoted, history)}`;
  if (request.allowOlderConfig && request.reason !== '') {
    logger.warning(what);
    return [];
  }
  const reasonless: Problem<DeliveryErrorCode>[] = request.allowOlderConfig
    ? [
        {
          code: 'reason-missing',
          message: 'input "allow-older-config" is "true", and nothing says why',
          remedy:
            'say in the input "reason" why this does not go the usual way: it is recorded with the release',
        },
      ]
    : [];
  return [
    ...reasonless,
    {
      code: 'config-older',
      message: what,
      remedy:
        'bring the change to the formation that this one is promoted from and promote that, or set "config: head" or "allow-older-config: true", with a reason',
    },
  ];
}

/** A record may name something that is not a commit, or one that GitHub does not know. */
export async function orUnknown<Found>(work: Promise<Found | undefined>): Promise<Found | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SlipwayError) return undefined;
    throw error;
  }
}

/** What deploying one commit after another one takes back, in words. */
export async function takenBackText(
  live: string,
  next: string,
  history: Pick<DeliveryHistory, 'takenBack'>,
): Promise<string> {
  const found = await orUnknown(history.takenBack(live, next));
  if (found === undefined) return 'what it would take back cannot be told from this checkout';
  return `this takes back ${describe(found)}`;
}

function describe({ commits, count: number, lines }: TakenBack): string {
  const named = commits.map(({ id, subject }) => `${shortId(id)} ${quote(excerpt(subject, MAX_SUBJECT))}`);
  const more = number > commits.length ? `, and ${number - commits.length} more` : '';
  const positions = lines
    .slice(0, MAX_LINES)
    .map(({ path, line }) => `${excerpt(path, MAX_SUBJECT)}${line === undefined ? '' : `:${line}`}`);
  const others = lines.length > MAX_LINES ? ` and ${lines.length - MAX_LINES} more` : '';
  const where =
    lines.length === 0
      ? "which change nothing in the application's own folder"
      : `with ${positions.join(', ')}${others}`;
  return `${count(number, 'commit')} (${named.join(', ')}${more}), ${where}`;
}
