import { count, type PlannedChange, type Release } from '@slipway/core';
import { describeObject, type ObjectReference } from '@slipway/kubernetes';
import { code, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { changesList } from '../plans/plan-markdown.ts';

/** A release in a list of them. */
export interface ListedRelease extends Pick<Release, 'number' | 'created'> {
  readonly verdict?: Release['verdict'] | undefined;
  readonly deploymentTag?: string | undefined;
}

export interface RemovedObjects {
  readonly removed: readonly ObjectReference[];
  readonly left: readonly ObjectReference[];
  /** Whether no release was known, so that nothing was looked for. */
  readonly isUnknown: boolean;
}

/** The kept releases, newest first. */
export function releasesMarkdown(
  name: string,
  releases: readonly ListedRelease[],
  unreadable: ReadonlyMap<number, unknown>,
): string {
  const rows = releases.map(({ number, verdict, deploymentTag, created }) => [
    String(number),
    unreadable.has(number) ? 'unreadable' : escapeMarkdown(verdict ?? 'open'),
    deploymentTag === undefined ? '' : code(deploymentTag),
    escapeMarkdown(created),
  ]);
  const list =
    rows.length === 0
      ? '\nThere are none.\n'
      : table(['release', 'verdict', 'deployment tag', 'created'], rows);
  return `\n## Releases of ${escapeMarkdown(name)}\n${list}`;
}

/** Sentences that go below a list of releases, such as who holds the formation; empty without any. */
export function notesMarkdown(sentences: readonly string[]): string {
  return sentences.map(sentence => `\n> ${escapeMarkdown(sentence)}\n`).join('');
}

/** What holding a formation, or lifting its hold, did. */
export function holdMarkdown(heading: string, sentences: readonly string[]): string {
  return `\n## ${escapeMarkdown(heading)}\n${sentences.map(sentence => `\n${escapeMarkdown(sentence)}\n`).join('')}`;
}

/** How one release differs from another. */
export function comparisonMarkdown(from: number, to: number, changes: readonly PlannedChange[]): string {
  return `\n### From release ${from} to release ${to}\n${changesList(changes)}`;
}

/** What removing a formation left behind. */
export function destroyedMarkdown(name: string, { removed, left, isUnknown }: RemovedObjects): string {
  if (isUnknown) return `\n## Nothing of ${escapeMarkdown(name)} was found\n\nNo object was removed.\n`;
  const kept = left.map(object => `\n- ${escapeMarkdown(describeObject(object))} is left; the log says why`);
  const heading = left.length === 0 ? 'was removed' : `was removed, but for ${count(left.length, 'object')}`;
  return `\n## ${escapeMarkdown(name)} ${heading}\n\n${count(removed.length, 'object')} ${removed.length === 1 ? 'was' : 'were'} removed.\n${kept.join('')}\n`;
}
