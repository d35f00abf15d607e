import { describeObject, formatDuration } from '@slipway/core';
import type { Evidence } from './evidence/evidence.ts';
import type { Judgement, Outcome } from './judge/judge.ts';
import type { RolloutVerdict } from './rollout.ts';
import { count } from './text.ts';

/** What stands in a release's way, the surest first. */
export function culprits({ outcomes }: Judgement, verdict: RolloutVerdict): readonly Outcome[] {
  if (verdict === 'failed') return outcomes.filter(({ state }) => state === 'failed');
  return verdict === 'timed-out' ? outcomes.filter(({ state }) => state === 'in-progress') : [];
}

/** One sentence: what failed, why, what to do. */
export function summarise(
  verdict: RolloutVerdict,
  judgement: Judgement,
  evidence: ReadonlyMap<Outcome, readonly Evidence[]>,
  duration: number,
): string {
  const total = count(judgement.outcomes.length, 'object');
  if (verdict === 'superseded') return 'a newer release is there, and this one is not watched any more';
  if (verdict === 'succeeded')
    return `${total} settled and stayed so, after ${formatDuration(duration)}${unknowns(judgement)}`;
  const [first, ...others] = culprits(judgement, verdict);
  if (first === undefined) return `nothing became stable within ${formatDuration(duration)}`;
  const words = verdict === 'failed' ? 'failed' : 'made no progress any more';
  const why = first.trouble?.message ?? first.message;
  const remedy = first.trouble?.remedy === undefined ? '' : `; ${first.trouble.remedy}`;
  const more = others.length === 0 ? '' : ` (and ${count(others.length, 'other object')})`;
  return `${describeObject(first.object)} ${words}: ${why}${lastWords(evidence.get(first))}${remedy}${more}`;
}

function unknowns({ outcomes }: Judgement): string {
  const silent = outcomes.filter(({ state }) => state === 'unknown').length;
  const before = outcomes.filter(({ state }) => state === 'already-failing').length;
  return [
    ...(silent === 0 ? [] : [`; ${count(silent, 'object')} of unknown health`]),
    ...(before === 0 ? [] : [`; ${count(before, 'object')} failing since before this release`]),
  ].join('');
}

/** A log tells more than a termination message, and a probe's answer more than a log. */
function lastWords(evidence: readonly Evidence[] = []): string {
  const words = evidence.findLast(found => found.lastWords !== undefined)?.lastWords;
  return words === undefined ? '' : `, ${words}`;
}
