import type { ClusterClient } from '@slipway/cluster';
import {
  count,
  inParallel,
  nearest,
  type Problem,
  quote,
  type RecordedSecret,
  type Release,
  SlipwayError,
} from '@slipway/core';
import {
  type ObjectReference,
  objectKey,
  referenceTo,
  SECRET_COPY_TYPE,
  uidIfAny,
} from '@slipway/kubernetes';
import { MOST_FOR_DELETION, stillThere } from '../cluster/await-gone.ts';
import { deleteAsRead } from '../cluster/delete-as-read.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { findHolders, type Holder, holding, liveScalars } from '../records/holders.ts';
import { assertNotInSteps } from '../records/in-steps.ts';
import { type LockOptions, withLock } from '../records/lock.ts';
import { usedKeys } from '../records/needed-versions.ts';
import {
  changeRecord,
  findUnreadable,
  listReleases,
  type ReleaseEntry,
  readRelease,
} from '../records/records.ts';
import { shownWords, wordsOf } from '../records/secret-copies.ts';
import type { ReleaseIdentity } from '../request.ts';

export interface ForgetOptions extends Omit<LockOptions, 'owner'> {
  readonly identity: ReleaseIdentity;
  /** The secret, without `secret.` in front. */
  readonly word: string;
  /** Milliseconds that a deletion may take; a minute if absent. */
  readonly mostForDeletion?: number;
}

/** A Secret of the cluster that kept a secret. */
export interface KeptCopy {
  readonly object: ObjectReference;
  /** The releases that it was kept for; none where their records are gone. */
  readonly releases: readonly number[];
  /** Every secret that it holds. */
  readonly words: readonly string[];
}

export interface ForgottenSecret {
  readonly removed: readonly KeptCopy[];
  /** What no one has forgotten, and does not exist: someone else has deleted it. */
  readonly missing: readonly KeptCopy[];
  /** What stays, and why, as half a sentence. */
  readonly left: readonly (KeptCopy & { readonly why: string })[];
  /** What should not have stayed: an old value is still in the cluster, or may be. */
  readonly problems: readonly Problem<ReleaseErrorCode>[];
}

/**
 * Removes from the cluster what kept releases have of a secret, except for the value that is live: that is in use. Their records note
 * it, so that a rollback to one of them says why it cannot restore it.
 * @throws SlipwayError `record-missing`, `release-in-steps`, `secret-not-kept`, `secret-not-rotated`
 */
export async function forgetSecret(options: ForgetOptions): Promise<ForgottenSecret> {
  const { identity } = options;
  return await withLock({ ...options, owner: identity }, client => forgetLocked(client, options));
}

async function forgetLocked(client: ClusterClient, options: ForgetOptions): Promise<ForgottenSecret> {
  const { identity, word } = options;
  const entries = await listReleases(client, identity);
  const newest = await readRelease(client, identity, entries[0]?.number ?? 1);
  // What serves beside it is of another release.
  assertNotInSteps(newest);
  const unreadable = await findUnreadable(client, identity, entries);
  const readable = entries.filter(({ number }) => !unreadable.has(number));
  const releases = await inParallel(readable, ({ number }) => readRelease(client, identity, number));
  const holders = await findHolders(client, newest, releases, word);
  if (holders.length === 0) throw notKept(options, releases);
  if (isKeptOf(newest, releases, word)) throw liveIsOlder(options, newest);
  const inUse = await liveScalars(client, newest, word);
  const used = await usedKeys(client, new Set([identity.namespace]));
  const judged = holders
    .filter(holder => holder.live !== undefined)
    .map(holder => ({ holder, why: reasonToStay(holder, newest, inUse, used) }));
  const old = judged.filter(({ why }) => why === undefined).map(({ holder }) => holder);
  // One that the newest release needs is lost, and was not forgotten.
  const missing = holders.filter(
    ({ live, releases: of }) => live === undefined && !of.includes(newest.number),
  );
  const isOnlyLive = judged.every(({ why }) => why?.isLive === true);
  if (isOnlyLive && missing.length === 0 && unreadable.size === 0) throw notRotated(options, newest);
  warnOfUnproven(newest, entries, old, options);
  const stays = await remove(client, old, options);
  const removed = old.filter(({ reference }) => !stays.has(objectKey(reference)));
  // Who has deleted what is missing is not known, so that a rollback must not say that it was forgotten.
  await note(client, releases, removed, options);
  const left = [
    ...judged.flatMap(({ holder, why }) => (why === undefined ? [] : [{ holder, ...why }])),
    ...old
      .filter(({ reference }) => stays.has(objectKey(reference)))
      .map(holder => ({ holder, text: 'finalizers keep it', isLive: false })),
  ];
  return {
    removed: removed.map(copyOf),
    missing: missing.filter(holder => !isForgotten(holder, releases, word)).map(copyOf),
    left: left.map(({ holder, text }) => ({ ...copyOf(holder), why: text })),
    problems: [
      ...left.filter(({ isLive }) => !isLive).map(({ holder, text }) => copyLeft(word, holder, text)),
      ...[...unreadable.values()].flatMap(({ problems }) => [...problems] as Problem<ReleaseErrorCode>[]),
    ],
  };
}

function isForgotten({ releases: of }: Holder, releases: readonly Release[], word: string): boolean {
  return releases
    .filter(({ number }) => of.includes(number))
    .every(({ secrets = [] }) => secrets.some(entry => entry.word === word && entry.forgotten !== undefined));
}

/** What a release that may still fail would be rolled back to is not restorable once its copy is gone. */
function warnOfUnproven(
  { number, verdict }: Release,
  entries: readonly ReleaseEntry[],
  old: readonly Holder[],
  { word, logger }: ForgetOptions,
): void {
  if (verdict === 'succeeded') return;
  const before = entries.find(entry => entry.number < number && entry.verdict === 'succeeded');
  if (before === undefined || !old.some(({ releases }) => releases.includes(before.number))) return;
  const state = verdict === undefined ? 'has no verdict yet' : `ended as ${verdict}`;
  logger.warning(
    `Release ${number} ${state}, and cannot be rolled back to release ${before.number} any more, whose ${shownWords([word])} is forgotten: verify it before a secret is forgotten, or fix what fails by another release`,
  );
}

/** Whether the newest release is a rollback that restored the secret: then the live value is the old one, and another may be newer. */
function isKeptOf(
  { restores, secrets, seals }: Release,
  releases: readonly Release[],
  word: string,
): boolean {
  if (restores === undefined || !seals.some(seal => seal.word === word)) return false;
  const readOf = (entries: Release['secrets']): string | undefined =>
    entries?.find(entry => entry.word === word)?.read;
  const [read, before] = [readOf(secrets), releases.find(({ number }) => number === restores)?.secrets];
  return read === undefined || before === undefined || readOf(before) === read;
}

interface ReasonToStay {
  readonly text: string;
  /** Whether it holds the value that is in use. */
  readonly isLive: boolean;
}

function reasonToStay(
  { reference, live, releases, scalars, isCopy }: Holder,
  newest: Release,
  inUse: ReadonlySet<string>,
  used: ReadonlySet<string> | undefined,
): ReasonToStay | undefined {
  if (releases.includes(newest.number))
    return { text: `it is of release ${newest.number}, which is live`, isLive: true };
  if (inUse.has(scalars)) return { text: 'it has the value that is live', isLive: true };
  if (!isCopy) return { text: 'it left the formation and was not pruned', isLive: false };
  // Pods refer to versions, and never to the copy of a Secret that keeps its name.
  if (live?.['type'] === SECRET_COPY_TYPE) return undefined;
  if (used === undefined)
    return { text: 'whether pods still refer to it is not known, as they cannot be listed', isLive: false };
  if (used.has(objectKey(reference))) return { text: 'pods still refer to it', isLive: false };
  return undefined;
}

/** @returns the keys of those that still exist */
async function remove(
  client: ClusterClient,
  holders: readonly Holder[],
  { clock, signal, mostForDeletion: timeout = MOST_FOR_DELETION }: ForgetOptions,
): Promise<ReadonlySet<string>> {
  const objects = holders.flatMap(({ live }) => (live === undefined ? [] : [live]));
  await inParallel(objects, object => deleteAsRead(client, object));
  const deleted = objects.map(object => ({ ...referenceTo(object), uid: uidIfAny(object) }));
  const stays = await stillThere(deleted, { client, timeout, clock, signal });
  return new Set(stays.map(object => objectKey(referenceTo(object))));
}

/** Notes in each record which of its secrets are gone: all of those that a removed Secret held. */
async function note(
  client: ClusterClient,
  releases: readonly Release[],
  gone: readonly Holder[],
  { clock, word }: ForgetOptions,
): Promise<void> {
  const forgotten = clock().toISOString();
  await inParallel(releases, async release => {
    const own = gone.filter(holder => holder.releases.includes(release.number));
    const words = new Set(
      own.length === 0 ? [] : holding(release, word).flatMap(secret => wordsOf(release, secret)),
    );
    const isNoted = ({ secrets = [] }: Release): boolean =>
      [...words].every(name => secrets.some(entry => entry.word === name && entry.forgotten !== undefined));
    if (isNoted(release)) return;
    await changeRecord(client, release, record => ({
      ...record,
      secrets: withForgotten(record.secrets ?? [], words, forgotten),
    }));
  });
}

function withForgotten(
  secrets: readonly RecordedSecret[],
  words: ReadonlySet<string>,
  forgotten: string,
): RecordedSecret[] {
  const known = new Set(secrets.map(({ word }) => word));
  const marked = secrets.map(entry => (words.has(entry.word) ? { forgotten, ...entry } : entry));
  return [...marked, ...[...words].filter(word => !known.has(word)).map(word => ({ word, forgotten }))];
}

function copyOf({ reference: object, releases, words }: Holder): KeptCopy {
  return { object, releases, words };
}

function copyLeft(word: string, { reference }: Holder, why: string): Problem<ReleaseErrorCode> {
  return {
    code: 'secret-copy-left',
    message: `the Secret ${quote(reference.name)}, which has an old value of ${shownWords([word])}, is left: ${why}`,
    remedy: 'remove what keeps it, and forget the secret again',
  };
}

function notRotated({ word }: ForgetOptions, { number }: Release): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'secret-not-rotated',
    message: `nothing was removed: release ${number}, which is live, has the only value of ${shownWords([word])} that is kept`,
    remedy: 'rotate it in its store, deploy, and forget it then',
  });
}

function liveIsOlder({ word }: ForgetOptions, { number, restores }: Release): SlipwayError<ReleaseErrorCode> {
  return new SlipwayError({
    code: 'secret-not-rotated',
    message: `nothing was removed: release ${number}, which is live, is a rollback and has ${shownWords([word])} as release ${restores} had it`,
    remedy: 'deploy, which reads it from its store, and forget it then',
  });
}

function notKept(
  { identity: { application, formation }, word }: ForgetOptions,
  releases: readonly Release[],
): SlipwayError<ReleaseErrorCode> {
  const known = [...new Set(releases.flatMap(({ seals }) => seals.map(seal => seal.word)))].sort();
  const guess = nearest(word, known);
  const remedy =
    known.length === 0
      ? 'no release of it has any secret'
      : guess === undefined
        ? `there ${known.length === 1 ? 'is' : 'are'} ${count(known.length, 'secret')}: ${shownWords(known)}`
        : `did you mean ${quote(guess)}?`;
  return new SlipwayError({
    code: 'secret-not-kept',
    message: `no kept release of ${application}/${formation} has the secret ${quote(word)}`,
    remedy,
  });
}
