import { type Problem, quote, type SnapshotImage } from '@slipway/core';
import { type Manifest, platformsOf } from '@slipway/registry';
import type { BuildRetagErrorCode } from '../error-codes.ts';

/** An image with the digest of each of its platforms, if it is an index. */
export function withPlatforms(image: SnapshotImage, manifest: Manifest): SnapshotImage {
  const platforms = platformsOf(manifest);
  return Object.keys(platforms).length === 0 ? image : { ...image, platforms };
}

/** The requested platforms that an index does not have; an image that is not an index does not state its platform. */
export function missingPlatforms(wanted: readonly string[], manifest: Manifest): string[] {
  const present = Object.keys(platformsOf(manifest));
  if (present.length === 0) return [];
  return wanted.filter(platform => !present.some(one => isSamePlatform(one, platform)));
}

/** Builders leave out a variant that goes without saying, such as v8 of arm64. */
export function isSamePlatform(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}

export function platformProblem(service: string, missing: readonly string[]): Problem<BuildRetagErrorCode> {
  return {
    code: 'platform-missing',
    message: `the image of ${quote(service)} is not for ${missing.map(quote).join(', ')}`,
    remedy: 'name those platforms in the input platforms that its base images have',
  };
}
