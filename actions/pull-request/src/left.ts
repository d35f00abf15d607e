import type { BaseApplication } from '@slipway/check';
import { quote } from '@slipway/core';
import type { AllNamed } from './names.ts';
import type { Reviewed } from './review-application.ts';

/** An application of the base commit whose slipway.yaml is removed or moved. */
export interface Left extends BaseApplication {
  /** Whether its name is that of an application that is reviewed, so that its status is set by that. */
  readonly isReviewed: boolean;
}

/** More than anyone removes at once; each one is a status. */
const MAX_LEFT = 20;

/** What left the review. A path that the workflow still names is reviewed, and fails. */
export function leftFrom({ applications, removed: all }: AllNamed): readonly Left[] {
  const names = new Set(applications.flatMap(({ name, formerly }) => [name, formerly]));
  return all
    .filter(({ path }) => !applications.some(one => one.path === path))
    .slice(0, MAX_LEFT)
    .map(one => ({ ...one, isReviewed: names.has(one.name) }));
}

/** One sentence about an application that has another name than in the base commit. */
export function renamed({ path, name }: Pick<Reviewed, 'path' | 'name'>, formerly: string): string {
  return `${quote(path)} is the application ${quote(formerly)} in the base commit and ${quote(name)} here: rules of the branch have to require "slipway/${name}" instead of "slipway/${formerly}" once this is merged`;
}

/** One sentence about an application that only the base commit has. */
export function removed(path: string, name: string): string {
  return `${quote(path)} is the application ${quote(name)} in the base commit and is removed here: whoever manages the rules of the branch has to take "slipway/${name}" off them, if it is required`;
}
