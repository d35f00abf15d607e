import { count } from '@slipway/core';
import { describeObject, type ObjectReference } from '@slipway/kubernetes';
import type { LockHolder } from '@slipway/release';

/** The most objects that have a sentence of their own. */
export const MOST_NAMED = 5;

export function named<Item>(items: readonly Item[], sentence: (item: Item) => string): string[] {
  const shown = items.slice(0, MOST_NAMED).map(sentence);
  const more = items.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${count(more, 'more object')}`];
}

export function listed(objects: readonly ObjectReference[]): string {
  const shown = objects.slice(0, MOST_NAMED).map(describeObject).join(', ');
  const more = objects.length - MOST_NAMED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

export function lockedSentence({ by, since }: LockHolder): string {
  return `locked by ${by}${since === undefined ? '' : ` since ${since}`}`;
}
