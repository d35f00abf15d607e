import {
  formatPointer,
  imageReferences,
  type Problem,
  quote,
  type Release,
  type Snapshot,
} from '@slipway/core';
import { describeObject, foreignImages, referenceTo } from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { placeOf } from '../objects/place.ts';
import type { ReleaseObject, ReleaseRequest } from '../request.ts';

/** Images of pod templates that are not digests of the snapshot. Plain manifests have no snapshot and are not checked. */
export function imageProblems(
  objects: readonly ReleaseObject[],
  snapshot: Snapshot | undefined,
): Problem<ReleaseErrorCode>[] {
  if (snapshot === undefined) return [];
  const known = imageReferences(snapshot);
  return objects.flatMap(given =>
    foreignImages(given.object, known).map(({ container, image, path }) => ({
      code: 'image-foreign' as const,
      message: `${describeObject(referenceTo(given.object))}: ${quote(container)} runs ${quote(image)}, which is not an image of the snapshot ${quote(snapshot.deploymentTag)}`,
      remedy: 'make it a service of slipway.yaml and write ${image.<service>}',
      at: placeOf(given, formatPointer(path)),
    })),
  );
}

/** The refusal for a snapshot that is older than the live one, since it would undo what came in between. */
export function snapshotProblems(
  { snapshot, allowOlder }: Pick<ReleaseRequest, 'snapshot' | 'allowOlder'>,
  live: Pick<Release, 'snapshot'> | undefined,
): Problem<ReleaseErrorCode>[] {
  const current = live?.snapshot;
  if (allowOlder || snapshot === undefined || current === undefined) return [];
  if (Date.parse(snapshot.created) >= Date.parse(current.created)) return [];
  return [
    {
      code: 'snapshot-older',
      message: `the snapshot ${quote(snapshot.deploymentTag)} is older than ${quote(current.deploymentTag)}, which is live`,
      remedy: 'deploy a newer one, or set allow-older',
    },
  ];
}
