import { type DestinationStatus, excerpt, type LiveRelease, openReleaseSentence } from '@slipway/core';
import { differencesFrom } from './differences.ts';
import type { Latest } from './latest.ts';

/** Characters of a list of words. */
const MOST = 200;

/** Why it is not known whether a destination runs the latest release of its formation; none where everything was seen. */
export function notProven(latest: Latest, row: DestinationStatus): string[] {
  const { live, open, unknown } = row;
  if (unknown.length > 0)
    return [...unknown, ...(live === undefined ? ['it may have a newer release than the others'] : [])];
  if (open !== undefined) return [openReleaseSentence(open)];
  if (live === undefined || live.source === 'registry') return [];
  if (live.verdict === undefined) return [`release ${live.release} has no verdict`];
  // What is different already needs no proof that it is the same.
  if (differencesFrom(latest, row).length > 0) return [];
  return [...unnoted(live), ...notCompared(row)];
}

function unnoted({ deploymentTag, configCommit, beside }: LiveRelease): string[] {
  const lacking = [
    ...(deploymentTag === undefined ? ['its deployment tag'] : []),
    ...(configCommit === undefined ? ['the commit of its configuration'] : []),
    ...(beside === undefined ? ['what it was rendered with besides that commit'] : []),
  ];
  if (lacking.length > 0) return [`${lacking.join(' and ')} is not noted: deploy again`];
  const { set = [] } = beside ?? {};
  return set.length === 0 ? [] : [`its run set values that no commit has: ${excerpt(set.join(', '), MOST)}`];
}

/** Without one object compared nothing shows that it is as it was released. */
function notCompared({ drift }: DestinationStatus): string[] {
  return drift === undefined || drift.compared === 0 ? ['none of its objects was compared'] : [];
}
