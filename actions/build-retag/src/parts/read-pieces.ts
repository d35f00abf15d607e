import type { PartImage, Problems } from '@slipway/core';
import {
  getManifest,
  type Manifest,
  type PlatformImage,
  parseRepository,
  readPlatformImages,
} from '@slipway/registry';
import { isSamePlatform, platformProblem } from '../build/platforms.ts';
import type { Session } from '../session.ts';
import type { FinishedPart } from './read-parts.ts';

/** What one part has of one service. */
export interface Piece {
  readonly part: string;
  readonly service: string;
  /** As the part has it. */
  readonly image: PartImage;
  readonly manifest: Manifest;
  /** The images of the platforms that the part names, or all of them if it names none. */
  readonly images: readonly PlatformImage[];
  /** How many the manifest is about. */
  readonly total: number;
  /** Whether the part names its platforms. */
  readonly isNamed: boolean;
}

/** Looks up what parts have built; what the registry does not have is among the problems then. */
export async function readPieces(
  parts: readonly FinishedPart[],
  { client, home }: Session,
  problems: Problems,
): Promise<Piece[]> {
  const pieces = await Promise.all(
    parts.flatMap(({ part, platforms, images }) =>
      Object.entries(images).map(([service, image]) =>
        problems.collect(async () => {
          const repository = parseRepository(`${home.registry}/${service}`);
          const manifest = await getManifest(client, { ...repository, digest: image.digest }, 'pull,push');
          const all = await readPlatformImages(client, repository, manifest);
          const missing = platforms.filter(wanted => find(wanted, all) === undefined);
          if (missing.length > 0) problems.add(platformProblem(service, missing));
          const isNamed = platforms.length > 0;
          const chosen = new Set(platforms.map(wanted => find(wanted, all)));
          const own = isNamed ? all.filter(one => chosen.has(one)) : all;
          return { part, service, image, manifest, images: own, total: all.length, isNamed };
        }),
      ),
    ),
  );
  return pieces.filter(piece => piece !== undefined);
}

function find(wanted: string, images: readonly PlatformImage[]): PlatformImage | undefined {
  return (
    images.find(({ platform }) => platform === wanted) ??
    images.find(({ platform }) => isSamePlatform(platform, wanted))
  );
}
