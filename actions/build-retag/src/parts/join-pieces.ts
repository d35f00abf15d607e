import { type Problem, quote } from '@slipway/core';
import { indexOf, type Manifest, type PlatformImage } from '@slipway/registry';
import { isSamePlatform } from '../build/platforms.ts';
import type { BuildRetagErrorCode } from '../error-codes.ts';
import type { Piece } from './read-pieces.ts';

/** An image that is made of pieces. */
export interface Joined {
  readonly service: string;
  readonly pieces: readonly Piece[];
  /** The index of all platforms; or what a part has, where that is the whole image. */
  readonly manifest: Manifest;
}

export interface Wanted {
  /** The services whose images parts build. */
  readonly services: readonly string[];
  /** The platforms that each image has to have, in their order. */
  readonly platforms: readonly string[];
  /** Whether an image may have others too, since no input says which there are. */
  readonly mayHaveMore: boolean;
}

type JoinProblem = Problem<BuildRetagErrorCode>;

/** The image of each service for every platform, and all that is wrong with what parts have of them. */
export function joinPieces(
  wanted: Wanted,
  pieces: readonly Piece[],
): { readonly joined: readonly Joined[]; readonly problems: readonly JoinProblem[] } {
  const ofService = wanted.services.map(service => pieces.filter(piece => piece.service === service));
  const problems = [
    ...surplusProblems(wanted, pieces),
    ...ofService.flatMap((own, index) => [
      ...gapProblems(wanted.services[index] ?? '', wanted, own),
      ...pairProblems(own),
    ]),
  ];
  return { joined: ofService.flatMap(own => joinOne(own, wanted)), problems };
}

function joinOne(pieces: readonly Piece[], wanted: Wanted): Joined[] {
  const [first] = pieces;
  if (first === undefined) return [];
  const images = inOrder(
    pieces.flatMap(piece => piece.images),
    wanted,
  );
  const isOne = pieces.every(({ manifest }) => manifest.digest === first.manifest.digest);
  const manifest =
    isOne && images.length === first.total ? first.manifest : indexOf(images, sharedAnnotations(images));
  return [{ service: first.service, pieces, manifest }];
}

function inOrder(images: readonly PlatformImage[], { platforms }: Wanted): PlatformImage[] {
  const rank = ({ platform }: PlatformImage) => {
    const found = platforms.findIndex(wanted => isSamePlatform(platform, wanted));
    return found < 0 ? platforms.length : found;
  };
  return [...images].sort((one, other) => rank(one) - rank(other));
}

/** A build of all platforms gives its index the annotations that it gives each image. */
function sharedAnnotations(images: readonly PlatformImage[]): Record<string, string> {
  const [first, ...others] = images;
  const shared = Object.entries(first?.annotations ?? {}).filter(([name, value]) =>
    others.every(({ annotations }) => annotations[name] === value),
  );
  return Object.fromEntries(shared);
}

function surplusProblems(wanted: Wanted, pieces: readonly Piece[]): JoinProblem[] {
  const code = 'part-surplus';
  return pieces.flatMap(({ part, service, images }): JoinProblem[] => {
    const built = `the part ${quote(part)} built ${quote(service)}`;
    if (!wanted.services.includes(service))
      return [
        { code, message: `${built}, which this job leaves out`, remedy: 'name the same services in both' },
      ];
    const more = images.filter(({ platform }) => !isWanted(platform, wanted));
    if (wanted.mayHaveMore || more.length === 0) return [];
    const message = `${built} for ${more.map(({ platform }) => quote(platform)).join(', ')}, which the input "platforms" of this job does not name`;
    return [{ code, message, remedy: 'add it there, or leave out the part' }];
  });
}

function isWanted(platform: string, { platforms }: Wanted): boolean {
  return platforms.some(wanted => isSamePlatform(platform, wanted));
}

function gapProblems(service: string, { platforms }: Wanted, pieces: readonly Piece[]): JoinProblem[] {
  const problem = (what: string): JoinProblem => ({
    code: 'parts-incomplete',
    message: `no part built ${what}`,
    remedy: 'add the part that does, or correct the inputs "parts", "services" and "platforms"',
  });
  if (pieces.length === 0) return [problem(quote(service))];
  const images = pieces.flatMap(piece => piece.images);
  return platforms
    .filter(wanted => !images.some(({ platform }) => isSamePlatform(platform, wanted)))
    .map(wanted => problem(`${quote(service)} for ${quote(wanted)}`));
}

/** What two parts have of one service has to be for other platforms, and made of the same. */
function pairProblems(pieces: readonly Piece[]): JoinProblem[] {
  return pieces.flatMap((one, index) =>
    pieces.slice(index + 1).flatMap(other => overlap(one, other) ?? disagreement(one, other) ?? []),
  );
}

function overlap(one: Piece, other: Piece): JoinProblem | undefined {
  const both = `${names(one, other)} both built ${quote(one.service)}`;
  const twice = one.images.find(({ platform }) =>
    other.images.some(image => isSamePlatform(image.platform, platform)),
  );
  const code = 'parts-overlap';
  if (!one.isNamed || !other.isNamed)
    return {
      code,
      message: `${both}, and not each of them says for which platforms`,
      remedy: 'name its own in the input "platforms" of each, or build each service in one of them',
    };
  if (twice === undefined) return undefined;
  const remedy = 'let each part build services or platforms of its own';
  return { code, message: `${both} for ${quote(twice.platform)}`, remedy };
}

function disagreement(one: Piece, other: Piece): JoinProblem | undefined {
  if (one.image.inputs === other.image.inputs) return undefined;
  return {
    code: 'parts-disagree',
    message: `${names(one, other)} built ${quote(one.service)} from different inputs`,
    remedy:
      'give both the same inputs and files, and run all jobs again, as a tag of a base image may have moved',
  };
}

function names(one: Piece, other: Piece): string {
  return `the parts ${quote(one.part)} and ${quote(other.part)}`;
}
