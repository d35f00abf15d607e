import { type Hold, hasRemoved, isInForce, quote, type Verdict } from '@slipway/core';
import { type LeftRelease, leftBy } from '../live/left-by.ts';
import type { LostFacts } from './facts.ts';

/** A release that may be brought back: what last succeeded at the destination. */
export interface LastPassed {
  readonly left: LeftRelease & Required<Pick<LeftRelease, 'digest'>>;
  readonly deploymentTag: string;
  readonly revision: string;
  readonly verified: string;
  /** When it began, which orders the formations of a cluster. */
  readonly began: string;
  /** What ended otherwise after it, in one sentence. */
  readonly note?: string;
}

/** What is to become of one formation of a lost cluster. */
export type Judged =
  | { readonly state: 'ready'; readonly passed: LastPassed }
  /** Nothing was there, as far as the registry knows. */
  | { readonly state: 'nothing'; readonly why: string }
  | { readonly state: 'refused'; readonly why: string };

/**
 * Whether what last passed at a destination may be brought back, by what the registry has of it. What is not known is refused: a release
 * that was taken out must not return because its cluster was lost.
 * @param namespace of the destination by now
 * @param keepsHolds whether the registry keeps the holds of the formation, so that it knows of one that was lifted
 */
export function judgeLost(
  facts: Pick<LostFacts, 'latest' | 'removal' | 'hold' | 'passed'>,
  {
    namespace,
    keepsHolds,
    now,
  }: { readonly namespace: string; readonly keepsHolds: boolean; readonly now: Date },
): Judged {
  const { latest, removal } = facts;
  if (latest === undefined)
    return { state: 'nothing', why: 'the registry has no verdict on a release there' };
  if (removal !== undefined && hasRemoved(removal, latest)) {
    const removed = `${quote(removal.by)} removed it at ${removal.at}`;
    return removal.incomplete === undefined
      ? { state: 'nothing', why: removed }
      : refused(`${removed}, and only in part`);
  }
  if (latest.namespace !== namespace)
    return refused(
      `it was released to the namespace ${quote(latest.namespace)}, and not to ${quote(namespace)}`,
    );
  const held = heldWhy(facts, keepsHolds, now);
  return held === undefined ? judgePassed(latest, facts.passed) : refused(held);
}

function refused(why: string): Judged {
  return { state: 'refused', why };
}

function heldWhy(
  { latest, hold }: Pick<LostFacts, 'latest' | 'hold'>,
  keepsHolds: boolean,
  now: Date,
): string | undefined {
  if (hold !== undefined && isInForce(hold, now)) return `it is held ${heldText(hold)}`;
  const noted = latest?.hold;
  if (keepsHolds || noted === undefined || !isInForce(noted, now)) return undefined;
  return `it was held ${heldText(noted)}, and whether that was lifted only its cluster knew`;
}

function heldText({ by, since, reason }: Hold): string {
  return `by ${quote(by)} since ${since}: ${quote(reason)}`;
}

/** A release that was undone by itself left the one before, which had passed. */
function judgePassed(latest: Verdict, passed: LostFacts['passed']): Judged {
  const left = leftBy(latest);
  if (left?.verdict === 'succeeded') return judgeContent(latest, left);
  const ended = `the newest release there, ${left?.number ?? 'of an unknown number'}, ended as ${latest.verdict}`;
  const before = passed.verdict && leftBy(passed.verdict);
  if (passed.verdict === undefined || before?.verdict !== 'succeeded')
    return refused(
      `${ended}, and which one last passed is not known${passed.why === undefined ? '' : `: ${passed.why}`}`,
    );
  return judgeContent(passed.verdict, before, ended);
}

function judgeContent(verdict: Verdict, left: LeftRelease, note?: string): Judged {
  const { number, deploymentTag, configRevision: revision, digest, set = [] } = left;
  if (deploymentTag === undefined || revision === undefined || digest === undefined)
    return refused(
      `the verdict on release ${number} does not say from which snapshot and commit it was rendered, and with which digest`,
    );
  if (set.length > 0)
    return refused(`release ${number} was rendered with values of its run, which no commit has`);
  const began = left.created ?? verdict.started;
  const found: LastPassed = {
    ...{ left: { ...left, digest }, deploymentTag, revision, verified: verdict.finished, began },
    ...(note === undefined ? {} : { note }),
  };
  return { state: 'ready', passed: found };
}
