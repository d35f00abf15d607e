import type { RemovedApplication } from '@slipway/check';
import { excerpt, quote } from '@slipway/core';
import type { AllNamed } from './names.ts';
import type { Reviewed } from './review-application.ts';

/** An application of the base commit whose slipway.yaml is removed or moved. */
export interface Left extends RemovedApplication {
  /** Whether its name is that of an application that is reviewed, so that its status is set by that. */
  readonly isReviewed: boolean;
}

/** More than anyone removes at once; each one is a status. */
const MAX_LEFT = 20;
/** Characters of a sentence that names the others. */
const MAX_NAMES = 5000;

/** What left the review. A path that the workflow still names is reviewed, and fails. */
export function leftFrom({ applications, removed: all }: AllNamed): readonly Left[] {
  const names = new Set(
    applications.flatMap(({ name, formerly = name }) => [name.toLowerCase(), formerly.toLowerCase()]),
  );
  return all
    .filter(({ path }) => !applications.some(one => one.path === path))
    .map(one => ({ ...one, isReviewed: names.has(one.name.toLowerCase()) }));
}

/** Those that get a status and a comment. Whatever is reviewed elsewhere needs no status, and so takes none from the others. */
export function shownLeft(left: readonly Left[]): readonly Left[] {
  return left.toSorted((a, b) => Number(isElsewhere(a)) - Number(isElsewhere(b))).slice(0, MAX_LEFT);
}

/** Whether its status is that of an application that the checkout has. */
export function isElsewhere({ isReviewed, movedTo }: Left): boolean {
  return isReviewed || movedTo !== undefined;
}

/** One sentence about those beyond; nothing if there are none. */
export function unshownLeft(left: readonly Left[]): readonly string[] {
  const shown = shownLeft(left);
  const rest = left.filter(one => !shown.includes(one));
  if (rest.length === 0) return [];
  const names = excerpt(rest.map(({ path, name }) => `${quote(name)} (${path})`).join(', '), MAX_NAMES);
  return [
    `${rest.length} more applications of the base commit are removed or moved, whose statuses are not set: ${names}`,
  ];
}

/** One sentence about an application that has another name than in the base commit. */
export function renamed({ path, name }: Pick<Reviewed, 'path' | 'name'>, formerly: string): string {
  return `${quote(path)} is the application ${quote(formerly)} in the base commit and ${quote(name)} here: rules of the branch have to require "slipway/${name}" instead of "slipway/${formerly}" once this is merged`;
}

/** One sentence about an application that only the base commit has. */
export function removed(path: string, name: string): string {
  return `${quote(path)} is the application ${quote(name)} in the base commit and is removed here: whoever manages the rules of the branch has to take "slipway/${name}" off them, if it is required`;
}

/** One sentence about an application that has another path than in the base commit. */
export function moved({ path, name, movedTo = '' }: Left): string {
  return `${quote(path)} is the application ${quote(name)} in the base commit, and ${quote(movedTo)} is it here: "slipway/${name}" is set where the workflow names that`;
}
