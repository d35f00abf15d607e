import type { ImageBuild, NamedContext } from '@slipway/build';
import { imageReference, type SnapshotImage } from '@slipway/core';
import { getManifest, parseReference, readPlatformImages } from '@slipway/registry';
import { isSamePlatform } from '../build/platforms.ts';
import type { Session } from '../session.ts';
import type { BuildView } from '../snapshots/reuse.ts';

/** Not the name of a platform, so that these inputs are not those of a build for one. */
const EVERY_PLATFORM = '*';

/**
 * Looks at a build of a part without its platforms, so that the parts of an image have the same inputs. What a build starts from counts
 * by its own inputs, since each part has another image of it.
 * @param built the services that this part builds
 */
export function viewOfPart(built: ReadonlySet<string>, { client }: Session): BuildView {
  const known = new Map<string, string>();
  return {
    inputsOf(build) {
      const contexts = Object.entries(build.contexts);
      const unknown = contexts.find(([name, { kind }]) => isBuilt(name, kind, built) && !known.has(name));
      if (unknown !== undefined) return { unknown: `it starts from ${unknown[0]}, which is, too` };
      const places = build.platforms.length === 0 ? [] : [EVERY_PLATFORM];
      const seen = contexts.map(([name, context]) => [name, byInputs(name, context, known)] as const);
      return { ...build, platforms: places, contexts: Object.fromEntries(seen) };
    },
    note: (service, inputs) => void known.set(service, inputs),
    suits: (image, build) => hasPlatforms(image, build, client),
  };
}

function isBuilt(name: string, kind: NamedContext['kind'], built: ReadonlySet<string>): boolean {
  return kind === 'image' && built.has(name);
}

function byInputs(name: string, context: NamedContext, known: ReadonlyMap<string, string>): NamedContext {
  const inputs = context.kind === 'image' ? known.get(name) : undefined;
  return inputs === undefined ? context : { kind: 'image', reference: `${name}@${inputs}` };
}

async function hasPlatforms(
  image: SnapshotImage,
  { platforms }: ImageBuild,
  client: Session['client'],
): Promise<boolean> {
  if (platforms.length === 0) return true;
  const reference = parseReference(imageReference(image));
  const images = await readPlatformImages(client, reference, await getManifest(client, reference));
  return platforms.every(wanted => images.some(({ platform }) => isSamePlatform(platform, wanted)));
}
