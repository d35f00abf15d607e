import type { Release, Verdict, VerdictName } from '@slipway/core';
import { code } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { between, releaseFacts, type Surroundings } from './release-facts.ts';
import { targetName } from './target-name.ts';
import { rollbackName, versionName } from './versions.ts';

/** Nothing to do, an earlier release runs again, someone has to look, or another release decides. */
const SIGNS: Readonly<Record<VerdictName, string>> = {
  succeeded: '✅',
  failed: '❌',
  'timed-out': '❌',
  superseded: '⏭️',
  'rolled-back': '↩️',
  'rollback-failed': '❌',
};

const WORDS: Readonly<Record<VerdictName, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  'timed-out': 'was not ready in time',
  superseded: 'was superseded by a newer release',
  'rolled-back': 'failed and was rolled back',
  'rollback-failed': 'failed, and so did its rollback',
};

/**
 * How a release ended: the first lines of the page that its last job writes. What happened and to what, in one line; why, in one
 * sentence; then what changed, by whom, how long it took, and where to read on.
 * @param release its record; absent for objects that another tool applied
 */
export function verdictHeadline(
  verdict: Verdict,
  release: Release | undefined,
  surroundings: Omit<Surroundings, 'verified'> = {},
): string {
  const facts =
    release === undefined ? factsOf(verdict) : releaseFacts(release, { ...surroundings, verified: verdict });
  const title = `${escapeMarkdown(targetName(verdict))}: ${outcome(verdict, release, surroundings)}`;
  return `## ${signOf(verdict, release)} ${title}\n\n**${escapeMarkdown(verdict.summary)}**\n\n${facts}\n`;
}

/** What is known without a record. */
function factsOf({ release, namespace, started, finished }: Verdict): string {
  const what = release === undefined ? 'In' : `Release ${release} in`;
  return `- ${what} namespace ${code(namespace)} (verified in ${between(started, finished)})\n`;
}

/** A release that someone put back by hand is not just another one that succeeded. */
function signOf({ verdict }: Verdict, release: Release | undefined): string {
  return verdict === 'succeeded' && release?.restores !== undefined ? SIGNS['rolled-back'] : SIGNS[verdict];
}

function outcome(
  verdict: Verdict,
  release: Release | undefined,
  { before }: Omit<Surroundings, 'verified'>,
): string {
  const { verdict: name, rolledBackTo } = verdict;
  const words = name === 'rolled-back' && rolledBackTo === undefined ? 'was undone' : WORDS[name];
  if (release?.restores !== undefined) {
    const what = rollbackName(release, before);
    return name === 'succeeded' ? `rolled back ${what}` : `rolling back ${what} ${words}`;
  }
  const to =
    name !== 'rolled-back' || rolledBackTo === undefined
      ? ''
      : ` to ${versionName({ ...rolledBackTo, number: rolledBackTo.release })}`;
  return `${subject(verdict)} ${words}${to}`;
}

function subject({ release, deploymentTag }: Verdict): string {
  if (release === undefined && deploymentTag === undefined) return 'what was applied';
  return versionName({ number: release ?? 0, deploymentTag });
}
