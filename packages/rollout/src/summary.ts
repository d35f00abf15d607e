import { type CheckResult, formatDuration, quote } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import type { Evidence } from './evidence/evidence.ts';
import type { Judgement, Outcome } from './judge/judge.ts';
import type { RolloutVerdict } from './rollout.ts';
import { count, oneLine } from './text.ts';

/** The objects that keep a release from succeeding, the most certain first, and last those that it did not come to. */
export function culprits({ outcomes }: Judgement, verdict: RolloutVerdict): readonly Outcome[] {
  if (verdict === 'failed') {
    const failed = outcomes.filter(({ state }) => state === 'failed');
    return failed.toSorted((a, b) => Number(isNotApplied(a)) - Number(isNotApplied(b)));
  }
  if (verdict !== 'timed-out') return [];
  const waiting = outcomes.filter(({ state }) => state === 'in-progress');
  return waiting.toSorted((a, b) => Number(b.late !== undefined) - Number(a.late !== undefined));
}

/** What stopped the release is elsewhere. */
function isNotApplied({ trouble }: Outcome): boolean {
  return trouble?.reason === 'NotApplied';
}

export interface Findings {
  readonly evidence: ReadonlyMap<Outcome, readonly Evidence[]>;
  readonly checks: readonly CheckResult[];
  /** Why the release was not written completely; absent where it was. */
  readonly unfinished?: string | undefined;
  /** Why the cluster could not be watched at the end; absent where it could. */
  readonly interruption?: string | undefined;
  /** Milliseconds since watching began. */
  readonly duration: number;
}

/** One sentence: what failed, why, what to do. */
export function summarise(verdict: RolloutVerdict, judgement: Judgement, findings: Findings): string {
  const { evidence, checks, duration, interruption, unfinished } = findings;
  if (verdict === 'superseded') return 'a newer release has started, so this one is no longer watched';
  if (verdict === 'succeeded') return success(judgement, findings);
  if (unfinished !== undefined) return `deploy did not write the release completely: ${unfinished}`;
  const [first, ...others] = culprits(judgement, verdict);
  const unseen = verdict === 'timed-out' && interruption !== undefined ? UNSEEN + oneLine(interruption) : '';
  if (first === undefined) return unseen || withoutCulprit(checks, duration);
  const why = first.trouble?.message ?? first.message;
  const remedy = first.trouble?.remedy === undefined ? '' : `; ${first.trouble.remedy}`;
  const more = others.length === 0 ? '' : ` (and ${count(others.length, 'other object')})`;
  return `${describeObject(first.object)} ${wordsFor(first)}: ${why}${lastWords(evidence.get(first))}${remedy}${more}${unseen && `; ${unseen}`}`;
}

const UNSEEN = 'the cluster could no longer be watched, so the current state is unknown: ';

function success(judgement: Judgement, { checks, duration }: Findings): string {
  const total = count(judgement.outcomes.length, 'object');
  const numbers = Object.groupBy(checks, ({ status }) => status);
  const passed = wordsIf(numbers.passed, length => `, and ${count(length, 'check')} passed`);
  const notJudged = wordsIf(numbers['not-judged'], length => `, ${count(length, 'check')} not judged`);
  return `${total} became ready and stayed ready${passed}${notJudged}, after ${formatDuration(duration)}${unknowns(judgement)}`;
}

function wordsIf(found: readonly CheckResult[] = [], words: (length: number) => string): string {
  return found.length === 0 ? '' : words(found.length);
}

function wordsFor({ state, late }: Outcome): string {
  if (state === 'failed') return 'failed';
  return late === 'deadline' ? 'was not ready by its deadline' : 'stopped making progress';
}

/** The sentence where no object is to blame. */
function withoutCulprit(checks: readonly CheckResult[], duration: number): string {
  const failed = checks.find(({ status }) => status === 'failed');
  if (failed === undefined) {
    const open = checks.filter(({ status }) => status === 'not-finished').map(({ name }) => quote(name));
    const words =
      open.length === 0
        ? 'the release did not become stable'
        : `the checks ${open.join(', ')} did not finish`;
    return `${words} within ${formatDuration(duration)}`;
  }
  const remedy = failed.remedy === undefined ? '' : `; ${failed.remedy}`;
  return `check ${quote(failed.name)} failed: ${failed.message}${remedy}`;
}

function unknowns({ outcomes }: Judgement): string {
  const silent = outcomes.filter(({ state }) => state === 'unknown').length;
  const before = outcomes.filter(({ state }) => state === 'already-failing').length;
  return [
    ...(silent === 0 ? [] : [`; ${count(silent, 'object')} of unknown health`]),
    ...(before === 0 ? [] : [`; ${count(before, 'object')} already failing before this release`]),
  ].join('');
}

/** A log is more telling than a termination message, and a probe's answer more than a log. */
function lastWords(evidence: readonly Evidence[] = []): string {
  const words = evidence.findLast(found => found.lastWords !== undefined)?.lastWords;
  return words === undefined ? '' : `, ${words}`;
}
