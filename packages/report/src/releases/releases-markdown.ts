import { count, type PlannedChange, type Release } from '@slipway/core';
import { describeObject, type ObjectReference } from '@slipway/kubernetes';
import { type Target, targetName } from '../headline/target-name.ts';
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

/** Why the kept releases of a destination are not known. */
export function unlistedMarkdown(target: Target, reasons: readonly string[]): string {
  return `${headingFor(target)}\nThey are not known.\n${notesMarkdown(reasons)}`;
}

function headingFor(target: Target): string {
  return `\n## Releases of ${escapeMarkdown(targetName(target))}, namespace ${escapeMarkdown(target.namespace)}\n`;
}

/** The kept releases of one destination, newest first. */
export function releasesMarkdown(
  target: Target,
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
  return `${headingFor(target)}${list}`;
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

/**
 * What removing a formation from one of its destinations did.
 * @param actor who removed it
 */
export function destroyedMarkdown(
  target: Target,
  { removed, left, isUnknown }: RemovedObjects,
  actor: string,
): string {
  const name = escapeMarkdown(targetName(target));
  const namespace = `namespace ${code(target.namespace)}`;
  if (isUnknown) return `\n## Nothing of ${name} was found\n\nNo object of ${namespace} was removed.\n`;
  const kept = left.map(object => `\n- ${escapeMarkdown(describeObject(object))} is left; the log says why`);
  const were = removed.length === 1 ? 'was' : 'were';
  return `\n## ${headingOf(name, removed.length, left.length)}\n\n${count(removed.length, 'object')} of ${namespace} ${were} removed by ${escapeMarkdown(actor)}.\n${kept.join('')}\n`;
}

function headingOf(name: string, removed: number, left: number): string {
  if (left === 0) return `${name} was removed`;
  const objects = count(left, 'object');
  return removed === 0
    ? `${name} was not removed: ${objects} left`
    : `${name} was removed, but for ${objects}`;
}

/** What forgetting a secret removed, and what it left. */
export function forgottenMarkdown(
  target: Target,
  {
    word,
    sentences,
    removed,
  }: { readonly word: string; readonly sentences: readonly string[]; readonly removed: number },
): string {
  const what = `Kept copies of ${code(`secret.${word}`)} of ${escapeMarkdown(targetName(target))}`;
  const copies = removed === 1 ? '1 was' : `${removed} were`;
  const lines = sentences.map(sentence => `\n- ${escapeMarkdown(sentence)}`);
  return `\n## ${what}: ${copies} removed\n${lines.join('')}\n`;
}
