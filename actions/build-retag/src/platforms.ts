import { type Problem, quote } from '@slipway/core';
import { type Manifest, platformsOf } from '@slipway/registry';
import type { BuildRetagErrorCode } from './error-codes.ts';

/** The platforms that were asked for and that an index does not have; an image that is no index does not say what it is for. */
export function missingPlatforms(wanted: readonly string[], manifest: Manifest): string[] {
  const present = Object.keys(platformsOf(manifest));
  if (present.length === 0) return [];
  return wanted.filter(platform => !present.some(one => isSame(one, platform)));
}

/** Builders leave out a variant that goes without saying, such as v8 of arm64. */
function isSame(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

export function platformProblem(service: string, missing: readonly string[]): Problem<BuildRetagErrorCode> {
  return {
    code: 'platform-missing',
    message: `the image of ${quote(service)} is not for ${missing.map(quote).join(', ')}`,
    remedy: 'name those platforms in the input platforms that its base images have',
  };
}
