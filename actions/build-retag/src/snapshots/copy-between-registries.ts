import { imageReference, Problems, type Snapshot, type SnapshotImage } from '@slipway/core';
import {
  copyImage,
  parseReference,
  parseRepository,
  planTags,
  pushSnapshot,
  pushVerdict,
  readVerdict,
  writeTags,
} from '@slipway/registry';
import { readFormations } from '../files/formations.ts';
import type { Session } from '../session.ts';
import type { Promotion } from './promotion.ts';

/**
 * Makes what is promoted present in the registry of this run: images by digest with all that refers to them, their tags, the
 * snapshot with its own time and revision, and the verdicts that let it be promoted. Nothing is tagged before all is copied.
 * @returns the snapshot as that registry has it
 */
export async function copyBetweenRegistries(
  { snapshot, formation }: Promotion,
  session: Session,
): Promise<Snapshot> {
  const { client, home, inputs } = session;
  const policy = inputs.onExistingTag === 'overwrite' ? 'overwrite' : 'error';
  const moved = inRegistry(snapshot, home.registry);
  const services = Object.keys(moved.images);
  const targets = services.map(service => parseRepository(`${home.registry}/${service}`));
  const tags = await planTags(client, targets, snapshot.deploymentTag);
  const problems = new Problems();
  const manifests = await Promise.all(
    services.map((service, index) =>
      problems.collect(() => {
        const source = parseReference(imageReference(snapshot.images[service] as SnapshotImage));
        return copyImage(client, source, targets[index] as (typeof targets)[number]);
      }),
    ),
  );
  problems.throwIfAny();
  const writes = tags.flatMap((tag, index) => {
    const manifest = manifests[index];
    return manifest === undefined ? [] : [{ ...tag, manifest }];
  });
  await writeTags(client, writes, policy);
  await pushSnapshot(client, moved, policy);
  await copyVerdicts(snapshot, moved, formation, session);
  return moved;
}

function inRegistry(snapshot: Snapshot, registry: string): Snapshot {
  const images = Object.entries(snapshot.images).map(([service, image]) => [
    service,
    { ...image, name: `${registry}/${service}` },
  ]);
  return { ...snapshot, registry, images: Object.fromEntries(images) };
}

async function copyVerdicts(
  snapshot: Snapshot,
  moved: Snapshot,
  formation: string,
  session: Session,
): Promise<void> {
  const destinations = (await readFormations(session)).get(formation) ?? [];
  for (const destination of destinations) {
    const target = { formation, destination };
    const verdict = await readVerdict(session.client, snapshot, snapshot.deploymentTag, target);
    if (verdict !== undefined) await pushVerdict(session.client, moved, verdict);
  }
}
