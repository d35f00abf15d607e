import { imageReferences, quote, type Release, SlipwayError, textMap } from '@slipway/core';
import {
  DEPLOYMENT_TAG,
  DESTINATION,
  describeObject,
  foreignImages,
  isJob,
  type KubernetesObject,
  objectKey,
  referenceTo,
  VERDICT,
} from '@slipway/kubernetes';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { recordName } from '../names.ts';
import { contentOf } from '../objects/jobs.ts';

/** The label of a record without a verdict. */
export const OPEN = 'open';

const CLOCKS =
  'set the clocks of the runners that deploy and verify, and verify again once that time has passed; if they are right, find out who changed the record';

/** Milliseconds by which the clocks of two runners may differ. */
const MOST_SKEW = 3_600_000;

/**
 * What a record says that no run ever writes, so that someone changed it by hand, as half a sentence; otherwise undefined.
 * What agrees with itself is only told from what Slipway wrote by the MAC of `record-key`.
 */
export function contradictionIn(release: Release, secret: KubernetesObject): string | undefined {
  return mislabelled(release, secret) ?? withoutInventory(release) ?? pendingToo(release);
}

/** Lists are made from the labels, and the rest from the content. */
function mislabelled(
  { verdict, deploymentTag, destination }: Release,
  { metadata }: KubernetesObject,
): string | undefined {
  const found = { ...textMap(metadata['annotations'] ?? null), ...textMap(metadata['labels'] ?? null) };
  const content: Readonly<Record<string, string | undefined>> = {
    [VERDICT]: verdict ?? OPEN,
    [DEPLOYMENT_TAG]: deploymentTag,
    [DESTINATION]: destination,
  };
  for (const [key, value] of Object.entries(content)) {
    const label = found[key];
    if (label !== undefined && label !== value)
      return `has ${key} ${quote(label)}, and its content says ${value === undefined ? 'nothing of it' : quote(value)}`;
  }
  return undefined;
}

function withoutInventory({ objects, manifests }: Release): string | undefined {
  const [first] = (manifests as unknown as readonly KubernetesObject[]).filter(object => !isJob(object));
  if (objects.length > 0 || first === undefined) return undefined;
  return `lists no object, though its manifests have ${describeObject(referenceTo(first))}`;
}

function pendingToo({ objects, pending = [] }: Release): string | undefined {
  const kept = new Set(objects.map(objectKey));
  const both = pending.find(object => kept.has(objectKey(object)));
  return both && `lists ${describeObject(both)} both as an object of the release and as one that left it`;
}

/**
 * Refuses a release whose record does not have the objects of its manifests. A destroy that had to leave some lists only those, so
 * that this is asked only of a release that is verified, restored, undone, or followed by another.
 * @throws SlipwayError `record-inconsistent`
 */
export function assertWhole(release: Release): void {
  const what = unlisted(release) ?? unknownObject(release) ?? unwritten(release) ?? otherSnapshot(release);
  if (what !== undefined)
    throw recordInconsistent(recordName(release, release.number), release.namespace, what);
}

/**
 * Refuses a release whose manifests have images that its snapshot does not. Only of a release that is verified or restored: one of a
 * version that read the images of fewer kinds must not keep the next one from being deployed.
 * @throws SlipwayError `record-inconsistent`
 */
export function assertOwnImages(release: Release): void {
  const what = foreignImage(release);
  if (what !== undefined)
    throw recordInconsistent(recordName(release, release.number), release.namespace, what);
}

/**
 * Refuses a release that is yet to be made: what happened before it is not looked at, which would be everything.
 * @throws SlipwayError `record-inconsistent`
 */
export function assertMade(release: Release, now: Date): void {
  if (Date.parse(release.created) - now.getTime() <= MOST_SKEW) return;
  const what = `says that the release was made at ${release.created}, which is yet to come`;
  throw recordInconsistent(recordName(release, release.number), release.namespace, what, CLOCKS);
}

/** A Job that has run is not one of the objects again, nor is one that a rollback left as it was. */
function unlisted({ objects, manifests, jobs = {}, restores }: Release): string | undefined {
  const listed = new Set(objects.map(objectKey));
  const missing = (manifests as unknown as readonly KubernetesObject[]).find(object => {
    if (listed.has(objectKey(referenceTo(object)))) return false;
    return !isJob(object) || (restores === undefined && !Object.hasOwn(jobs, contentOf(object) ?? ''));
  });
  return (
    missing && `does not list ${describeObject(referenceTo(missing))}, though its manifests have that object`
  );
}

function unknownObject({ objects, manifests }: Release): string | undefined {
  const known = new Set(
    (manifests as unknown as readonly KubernetesObject[]).map(object => objectKey(referenceTo(object))),
  );
  // A temporary copy is made of an object of the manifests, and has another name.
  const other = objects.find(object => object.copyOf === undefined && !known.has(objectKey(object)));
  return other && `lists ${describeObject(other)}, which its manifests do not have`;
}

function unwritten({ applied, objects }: Release): string | undefined {
  const open = applied === undefined ? undefined : objects.find(({ toWrite }) => toWrite === true);
  return open && `says that all was written, and that ${describeObject(open)} is yet to be written`;
}

/** The snapshot gets the verdict of the release, and is promoted by it. */
function otherSnapshot({ snapshot, application, deploymentTag }: Release): string | undefined {
  if (snapshot === undefined) return undefined;
  const isOwn =
    snapshot.application === application &&
    (deploymentTag ?? snapshot.deploymentTag) === snapshot.deploymentTag;
  return isOwn
    ? undefined
    : `is of ${quote(`${application} ${deploymentTag}`)}, and its snapshot of ${quote(`${snapshot.application} ${snapshot.deploymentTag}`)}`;
}

function foreignImage({ snapshot, manifests }: Release): string | undefined {
  if (snapshot === undefined) return undefined;
  const known = imageReferences(snapshot);
  const [foreign] = (manifests as unknown as readonly KubernetesObject[]).flatMap(object =>
    foreignImages(object, known),
  );
  return foreign && `has the image ${quote(foreign.image)} in its manifests, and not in its snapshot`;
}

export function recordInconsistent(
  name: string,
  namespace: string,
  what: string,
  remedy?: string,
): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError<ReleaseErrorCode>({
    code: 'record-inconsistent',
    message: `the release record in the Secret ${quote(name)} in namespace ${quote(namespace)} contradicts itself: it ${what}`,
    remedy:
      remedy ??
      `find out who changed it and restore it, or delete it: kubectl delete secret ${name} --namespace ${namespace}; objects that only this release created are then no longer pruned, and Jobs that only it ran run again`,
  });
}
