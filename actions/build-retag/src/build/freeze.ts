import { isDeepStrictEqual } from 'node:util';
import { API_VERSION, type Clock, defined, imageReference, type Snapshot } from '@slipway/core';
import type { Runner } from '@slipway/github';
import {
  findSnapshot,
  parseRepository,
  planTags,
  type RegistryClient,
  refuseOtherSnapshot,
  type SnapshotHome,
  type TagPlan,
  uploadSnapshot,
  writeTags,
} from '@slipway/registry';
import type { Instance } from '../files/instance.ts';
import type { OnExistingTag } from '../inputs.ts';
import type { PreparedImage } from './prepare-images.ts';

export interface FreezeOptions {
  readonly client: RegistryClient;
  readonly home: SnapshotHome;
  readonly deploymentTag: string;
  readonly instance?: Instance;
  /** The commit that is checked out. */
  readonly revision: string | undefined;
  readonly onExistingTag: OnExistingTag;
  readonly runner: Runner;
  readonly clock: Clock;
}

export interface Frozen {
  readonly snapshot: Snapshot;
  /** How each image came about; empty if the deployment tag's snapshot was kept. */
  readonly images: readonly PreparedImage[];
}

/** Where the images of a snapshot come from. */
export interface ImageMaking {
  readonly services: readonly string[];
  /** Finds out what is needed, and writes nothing. */
  begin(): Promise<() => Promise<readonly PreparedImage[]>>;
}

/**
 * Makes all images, then gives all of them the deployment tag, then writes the snapshot. Whatever fails before the
 * tags leaves none of them, and a snapshot that can be read stands for a complete set.
 * @throws SlipwayError with every problem of every image; `tag-exists`, `tags-incomplete`
 */
export async function freeze({ services, begin }: ImageMaking, options: FreezeOptions): Promise<Frozen> {
  const { client, home, deploymentTag, onExistingTag } = options;
  const existing = (await findSnapshot(client, home, deploymentTag))?.snapshot;
  if (existing !== undefined && onExistingTag === 'keep') {
    options.runner.logger.info(
      `The deployment tag ${deploymentTag} has its snapshot already: nothing is built`,
    );
    return { snapshot: existing, images: [] };
  }
  // Before the long part also the proof that the registry answers and knows the login.
  const targets = services.map(service => parseRepository(`${home.registry}/${service}`));
  const [tags, make] = await Promise.all([planTags(client, targets, deploymentTag), begin()]);
  const images = await make();
  const made = makeSnapshot(images, options);
  const snapshot = existing !== undefined && isRepetition(existing, made) ? existing : made;
  const policy = onExistingTag === 'overwrite' ? 'overwrite' : 'error';
  if (policy === 'error') refuseOtherSnapshot(existing, snapshot);
  const upload = snapshot === existing ? undefined : uploadSnapshot(client, snapshot);
  // Awaited once the images have their tags: only then does the snapshot get its own.
  upload?.catch(() => {});
  await writeTags(client, withManifests(tags, images, home), policy);
  if (upload !== undefined) await writeTags(client, [await upload], policy);
  return { snapshot, images };
}

function makeSnapshot(images: readonly PreparedImage[], options: FreezeOptions): Snapshot {
  const { home, deploymentTag, revision, clock, instance } = options;
  const byName = [...images].sort((a, b) => (a.service < b.service ? -1 : 1));
  return {
    apiVersion: API_VERSION,
    kind: 'Snapshot',
    application: home.application,
    deploymentTag,
    created: clock().toISOString(),
    ...defined({ gitRevision: revision }),
    registry: home.registry,
    ...defined({ spawn: instance?.key }),
    images: Object.fromEntries(byName.map(({ service, image }) => [service, image])),
  };
}

/** The same build once more, after a run that was interrupted or repeated: its first snapshot stays. */
function isRepetition(existing: Snapshot, made: Snapshot): boolean {
  const digests = ({ images }: Snapshot) =>
    Object.fromEntries(Object.entries(images).map(([service, image]) => [service, imageReference(image)]));
  const sameImages = isDeepStrictEqual(digests(existing), digests(made));
  return sameImages && existing.gitRevision === made.gitRevision;
}

function withManifests(tags: readonly TagPlan[], images: readonly PreparedImage[], home: SnapshotHome) {
  return tags.flatMap(tag =>
    images
      .filter(({ service }) => parseRepository(`${home.registry}/${service}`).path === tag.target.path)
      .map(({ manifest }) => ({ ...tag, manifest })),
  );
}
