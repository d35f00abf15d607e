import { defined, type Verdict, type VerdictName } from '@slipway/core';

type Content = 'deploymentTag' | 'configRevision' | 'digest' | 'set' | 'sharedRevisions' | 'configFrom';

/** The release that was the newest at a destination once a verdict was reached, and what it was made from. */
export interface LeftRelease extends Pick<Verdict, Content | 'rollbackOf' | 'restores'> {
  readonly number: number;
  /** When it was recorded, if the verdict says so. */
  readonly created?: string | undefined;
  readonly verdict: VerdictName;
  /** Whether the verdict is on the release before it, which this one undid by itself. */
  readonly isFollower: boolean;
}

/**
 * What a verdict says was left. A release that failed is followed by the one that put an earlier one back, which has a content of its
 * own, and may have failed too.
 * @returns undefined if the verdict does not say on which release it is
 */
export function leftBy(verdict: Verdict): LeftRelease | undefined {
  const { rolledBackTo, release } = verdict;
  if (rolledBackTo !== undefined)
    return {
      ...contentOf(rolledBackTo),
      ...{ number: rolledBackTo.as, restores: rolledBackTo.release, isFollower: true },
      ...defined({ rollbackOf: release, created: rolledBackTo.released }),
      verdict: verdict.verdict === 'rolled-back' ? 'succeeded' : 'failed',
    };
  if (release === undefined) return undefined;
  const { rollbackOf, restores, released: created } = verdict;
  return {
    ...contentOf(verdict),
    ...{ number: release, verdict: verdict.verdict, isFollower: false },
    ...defined({ rollbackOf, restores, created }),
  };
}

function contentOf(made: Pick<Verdict, Content>): Pick<Verdict, Content> {
  const { deploymentTag, configRevision, digest, set, sharedRevisions, configFrom } = made;
  return defined({ deploymentTag, configRevision, digest, set, sharedRevisions, configFrom });
}
