import { count } from '@slipway/core';
import type { SharedFinding } from '../findings/shared-findings.ts';
import { rowKey } from './groups.ts';
import type { ShownChange, ShownReview } from './shown-review.ts';

/** `3 objects change in 2 of 4 destinations, pods of 1 workload restart`, as plain text. */
export function reviewTitle(review: ShownReview): string {
  const { targets } = review;
  const changed = countChangedObjects(review);
  if (changed === 0) return unchangedTitle(review);
  const changing = targets.filter(({ changes = [] }) => changes.length > 0).length;
  const unknown = targets.filter(({ changes }) => changes === undefined).length;
  const restarting = countRows(review, ({ restarts }) => restarts);
  return [
    `${count(changed, 'object')} ${changed === 1 ? 'changes' : 'change'}${whereOf(changing, targets.length)}`,
    ...(restarting === 0 ? [] : [`pods of ${count(restarting, 'workload')} restart`]),
    ...(unknown === 0 ? [] : [`${count(unknown, 'destination')} not compared`]),
    ...settingsTitle(review),
    ...leaving(review.removed),
  ].join(', ');
}

function unchangedTitle(review: ShownReview): string {
  const { targets, removed } = review;
  if (targets.some(({ changes }) => changes === undefined)) return 'the changes are not known';
  const ignored = ignoredFields(targets);
  const unchanged = removed.length === 0 ? ['no manifest changes'] : leaving(removed);
  return [
    ...unchanged,
    ...settingsTitle(review),
    ...(ignored === 0 ? [] : [`${count(ignored, 'field')} ignored`]),
  ].join(', ');
}

/** `1 setting changes`, which no manifest shows. */
function settingsTitle({ settings }: ShownReview): string[] {
  const number = settings.reduce((sum, { fields }) => sum + fields.length, 0);
  return number === 0 ? [] : [`${count(number, 'setting')} ${number === 1 ? 'changes' : 'change'}`];
}

function leaving(removed: ShownReview['removed']): string[] {
  return removed.length === 0
    ? []
    : [`${count(removed.length, 'destination')} ${removed.length === 1 ? 'leaves' : 'leave'}`];
}

/** Fields that differ and are left out, in all destinations. */
export function ignoredFields(targets: ShownReview['targets']): number {
  return targets.reduce((sum, { ignored }) => sum + ignored, 0);
}

/** Objects that change, each once, in however many destinations it changes. */
export function countChangedObjects(review: ShownReview): number {
  return countRows(review, () => true);
}

function countRows({ targets }: ShownReview, isCounted: (change: ShownChange) => boolean): number {
  const rows = targets.flatMap(target =>
    (target.changes ?? []).filter(isCounted).map(change => rowKey(change, target)),
  );
  return new Set(rows).size;
}

function whereOf(changing: number, all: number): string {
  if (all === 1) return '';
  return changing === all ? ` in all ${all} destinations` : ` in ${changing} of ${all} destinations`;
}

/** `2 errors`, `1 sign-off`, …; nothing for what was not found. */
export function countsOf(found: readonly SharedFinding[]): string[] {
  return (['error', 'sign-off', 'warning'] as const).flatMap(severity => {
    const number = found.filter(({ finding }) => finding.severity === severity).length;
    return number === 0 ? [] : [count(number, severity)];
  });
}
