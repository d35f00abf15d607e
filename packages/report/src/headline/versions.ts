import { excerpt, type Release } from '@slipway/core';
import { code } from '../markdown/blocks.ts';

/** No registry takes a longer one. */
const MAX_TAG = 128;

/** A release as people tell it from others. */
export interface Version {
  readonly number: number;
  readonly deploymentTag?: string | undefined;
}

/** The deployment tag, or the number of a release without one. */
export function versionName({ number, deploymentTag }: Version): string {
  return deploymentTag === undefined ? `release ${number}` : code(excerpt(deploymentTag, MAX_TAG));
}

/** `release 7 (v12)`. */
export function releaseName({ number, deploymentTag }: Version): string {
  return deploymentTag === undefined
    ? `release ${number}`
    : `release ${number} (${code(excerpt(deploymentTag, MAX_TAG))})`;
}

/**
 * From which release to which a rollback goes. Deployment tags tell them apart, unless both have the same one.
 * @param undone the release that it undoes, where more than its number is known
 */
export function rollbackName(
  { rollbackOf, restores = 0, deploymentTag }: Pick<Release, 'rollbackOf' | 'restores' | 'deploymentTag'>,
  undone: Version | undefined,
): string {
  const to = { number: restores, deploymentTag };
  if (rollbackOf === undefined) return `from the release before to ${releaseName(to)}`;
  const from = undone?.number === rollbackOf ? undone : { number: rollbackOf };
  const isToldApart = from.deploymentTag !== undefined && from.deploymentTag !== deploymentTag;
  const name = isToldApart ? versionName : releaseName;
  return `from ${name(from)} to ${name(to)}`;
}
