import { type Problem, quote, type Release } from '@slipway/core';
import { orUnknown, shortId } from '@slipway/render';
import type { DeliveryErrorCode } from '../error-codes.ts';
import type { DeliveryHistory, SharedHistory } from '../surroundings.ts';
import { takenBackText } from './taken-back.ts';

type SharedRevisions = Readonly<Record<string, string>>;

/** A second checkout of which a release has one commit and what is to be deployed another one. */
interface SharedPair {
  readonly folder: string;
  readonly live: string;
  readonly next: string;
}

/** The second checkouts that both have, at different commits. */
export function differingShared(
  live: SharedRevisions = {},
  next: SharedRevisions = {},
): readonly SharedPair[] {
  return Object.entries(live)
    .map(([folder, revision]) => ({ folder, live: revision, next: next[folder] ?? revision }))
    .filter(pair => pair.live !== pair.next);
}

/** The second checkouts that only what is live has. */
export function droppedShared(live: SharedRevisions = {}, next: SharedRevisions = {}): readonly string[] {
  return Object.keys(live).filter(folder => !Object.hasOwn(next, folder));
}

export const OLDER_REMEDY =
  'bring the change to the formation that this one is promoted from and promote that, or set "config: head" or "allow-older-config: true", with a reason';

/**
 * The second checkouts of which a promotion would take back commits that are live, or may: a folder of the platform is a change of the
 * configuration as well.
 * @returns the refusals
 */
export async function olderShared(
  { number, sharedRevisions }: Pick<Release, 'number' | 'sharedRevisions'>,
  promoted: SharedRevisions | undefined,
  history: Pick<DeliveryHistory, 'shared'>,
): Promise<readonly Problem<DeliveryErrorCode>[]> {
  const found = await Promise.all(
    differingShared(sharedRevisions, promoted).map(pair =>
      olderText(pair, `release ${number}, which is live, has`, history.shared(pair.folder)),
    ),
  );
  return found.flatMap(message =>
    message === undefined ? [] : [{ code: 'config-older', message, remedy: OLDER_REMEDY }],
  );
}

async function olderText(
  { folder, live, next }: SharedPair,
  who: string,
  history: SharedHistory,
): Promise<string | undefined> {
  const isContained = await orUnknown(history.isContained(live, next));
  if (isContained === true) return undefined;
  const has = `${who} the second checkout with ${quote(folder)} at ${shortId(live)}`;
  if (isContained === undefined)
    return `${has}, and it is not known whether ${shortId(next)}, with which this passed, contains that: its history cannot be read here, for which that checkout needs "fetch-depth: 0" or its credentials`;
  const takenBack = await takenBackText(live, next, history, 'that folder');
  return `${has}, which ${shortId(next)}, with which this passed, does not contain: ${takenBack}`;
}
