import { quote, valueAt } from '@slipway/core';
import {
  annotationOf,
  describeObject,
  generationOf,
  isJob,
  type KubernetesObject,
  labelsOf,
  PART_OF,
  RELEASE,
  uidOf,
} from '@slipway/kubernetes';
import type { ReleaseMark, WatchedObject } from '../rollout.ts';
import { assess, type StatusRules } from '../status/assess.ts';
import {
  failed,
  inProgress,
  ONLY_AT_DEADLINE,
  type Status,
  type Trouble,
  unknown,
} from '../status/status.ts';
import { oneLine } from '../text.ts';
import type { Store } from '../watch/store.ts';
import { difference } from './expected.ts';
import { goneJob } from './gone-job.ts';
import { type ObjectTerms, termsOfObject } from './object-terms.ts';

/** What one of the release's objects looks like at one moment. */
export interface Observation {
  readonly object: WatchedObject;
  readonly status: Status;
  /** The terms in its annotations. */
  readonly own?: ObjectTerms | undefined;
}

/** The status of each object as the store has it now. An object counts only with the UID and the generation that the release left. */
export function observe(
  objects: readonly WatchedObject[],
  store: Store,
  rules?: StatusRules,
): readonly Observation[] {
  return objects.map(recorded => {
    const live = store.section(recorded, recorded.namespace ?? '')?.get(recorded.name);
    const object = asMarked(recorded, live);
    return { object, status: statusOf(object, store, rules), own: live && termsOfObject(live) };
  });
}

/** An object has the number of the release that wrote it: what is said of one that this release left as it was does not count then. */
function asMarked(object: WatchedObject, live: KubernetesObject | undefined): WatchedObject {
  const { written, stamped, mark } = object;
  if (written !== false || stamped === true || mark === undefined || live === undefined) return object;
  return annotationOf(live, RELEASE) === String(mark.release) ? { ...object, written: true } : object;
}

function statusOf(object: WatchedObject, store: Store, rules: StatusRules | undefined): Status {
  const section = store.section(object, object.namespace ?? '');
  const live = section?.get(object.name);
  if (isUnwritten(object, live)) return neverApplied(object);
  if (section === undefined || section.unreadable !== undefined)
    return unknown('it cannot be read with these credentials');
  if (live === undefined) return absent(object, store);
  if (object.uid !== undefined && uidOf(live) !== object.uid) return replaced(object);
  const taken = takenOver(object, live);
  if (taken !== undefined) return overwritten(object, taken);
  const isAsked = object.content !== undefined;
  const changed = isAsked && !isOfNewer(object, live) ? store.changes.of(object) : undefined;
  if (changed !== undefined) return overwritten(object, changed, CHANGED_REMEDY);
  const open = isAsked ? store.changes.unknownOf(object) : undefined;
  if (open !== undefined)
    return inProgress(`it is not known yet whether it still is as it was released: ${oneLine(open)}`);
  const other = object.expected && difference(object.expected, live);
  if (other !== undefined) return unlike(object, other);
  if (isStale(live, object)) return inProgress(`waiting to see generation ${object.generation}`);
  const status = assess(live, store, rules);
  return heldBack(object, live, status) ?? status;
}

/** The status of an object that is held back by something which its manifest does not declare, as `kubectl rollout pause` does. */
function heldBack(
  { declared, expected = declared, ...object }: WatchedObject,
  live: KubernetesObject,
  { heldBy, ...status }: Status,
): Status | undefined {
  if (heldBy === undefined || expected === undefined || status.state === 'in-progress') return undefined;
  if (valueAt(expected, heldBy) === valueAt(live, heldBy)) return undefined;
  const message = `${status.message}, by ${heldBy.join('.')}, which its manifest does not have so`;
  const trouble: Trouble = {
    key: `${describeObject(object)}/held`,
    reason: 'HeldBack',
    message,
    remedy: 'let it go on, as with kubectl rollout resume, or declare it in the manifest',
    certainAfter: ONLY_AT_DEADLINE,
  };
  const { final: _, ...rest } = status;
  return { ...rest, state: 'in-progress', message, troubles: [...status.troubles, trouble] };
}

/**
 * Whether a release did not come to an object that it recorded before it wrote the first. A run that died after it wrote an object
 * could not note it; then the release's number on the object says so.
 */
function isUnwritten(
  { uid, written, toWrite, mark }: WatchedObject,
  live: KubernetesObject | undefined,
): boolean {
  const isNew = uid === undefined && written !== undefined;
  if (live === undefined || mark === undefined) return isNew || (live !== undefined && toWrite === true);
  return (isNew || toWrite === true) && annotationOf(live, RELEASE) !== String(mark.release);
}

/** Who wrote an object after the release did, as half a sentence; a newer release of the formation supersedes this one instead. */
function takenOver({ mark, written }: WatchedObject, live: KubernetesObject): string | undefined {
  if (mark === undefined) return undefined;
  const set = labelsOf(live)[PART_OF];
  const release = annotationOf(live, RELEASE);
  if (set !== undefined && set !== mark.set && !(isJob(live) && written === false))
    return `it was taken over by another formation, in its release ${quote(release ?? '')}`;
  if (isNewer(release, mark)) return undefined;
  if (written !== undefined && (set === undefined || release === undefined))
    return 'someone replaced it, and with it what says whose it is';
  // The record does not say which release wrote an object that this one left as it was.
  if (written !== true || release === undefined) return undefined;
  return release === String(mark.release) ? undefined : `release ${quote(release)} wrote it after this one`;
}

/** Whether a newer release of the formation wrote it, which supersedes this one and is not someone else's change. */
function isOfNewer({ mark }: WatchedObject, live: KubernetesObject): boolean {
  return mark !== undefined && isNewer(annotationOf(live, RELEASE), mark);
}

function isNewer(release: string | undefined, mark: ReleaseMark): boolean {
  return release !== undefined && /^\d+$/.test(release) && Number(release) > mark.release;
}

const CHANGED_REMEDY = 'deploy again, or leave out of the manifest what others are to decide';

function overwritten(
  object: WatchedObject,
  message: string,
  remedy = 'find out who wrote it, and deploy again',
): Status {
  const key = `${describeObject(object)}/overwritten`;
  return failed({ key, reason: 'Overwritten', message, remedy });
}

function isStale(live: KubernetesObject, { generation }: WatchedObject): boolean {
  return generation !== undefined && (generationOf(live) ?? generation) < generation;
}

function neverApplied(object: WatchedObject): Status {
  return failed({
    key: `${describeObject(object)}/never-applied`,
    reason: 'NotApplied',
    message: 'it was never applied: the release stopped before it',
    remedy: 'find out what stopped the release',
  });
}

function absent(object: WatchedObject, store: Store): Status {
  if (isJob(object)) {
    const gone = goneJob(object, store);
    if (gone !== undefined) return gone;
  }
  const key = `${describeObject(object)}/absent`;
  if (object.uid !== undefined)
    return failed({
      key,
      reason: 'Deleted',
      message: 'it was deleted after it was applied',
      remedy: 'deploy again',
    });
  const message = 'it does not exist yet';
  const trouble = { key, reason: 'NotFound', message, remedy: 'apply it', certainAfter: ONLY_AT_DEADLINE };
  return inProgress(message, { troubles: [trouble] });
}

/** The status until Argo CD, Flux or another tool has applied the manifest. */
function unlike(object: WatchedObject, where: string): Status {
  const message = `it does not match its manifest yet: ${where}`;
  const trouble = {
    key: `${describeObject(object)}/unlike`,
    reason: 'NotApplied',
    message,
    remedy: 'check that the manifest is applied and that nothing changes it on the way',
    certainAfter: ONLY_AT_DEADLINE,
  };
  return inProgress(message, { troubles: [trouble] });
}

function replaced(object: WatchedObject): Status {
  return failed({
    key: `${describeObject(object)}/replaced`,
    reason: 'Replaced',
    message: 'it was replaced by another object of the same name',
    remedy: 'find out who created it, and deploy again',
  });
}
