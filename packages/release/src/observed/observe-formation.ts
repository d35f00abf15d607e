import type { ClusterClient } from '@slipway/cluster';
import {
  type Clock,
  defined,
  type Logger,
  type OpenRelease,
  openReleaseOf,
  type Problem,
  type RecordedObject,
  type Release,
  SlipwayError,
} from '@slipway/core';
import { isJob, type KubernetesObject, type ObjectReference } from '@slipway/kubernetes';
import { formationTerms, type ObjectHealth, takeStock } from '@slipway/rollout';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { hasStatus } from '../health/settle.ts';
import { type HoldState, readHold } from '../records/formation-hold.ts';
import { readLive } from '../records/live-release.ts';
import { readNote } from '../records/note-release.ts';
import { listReleases, type RecordOwner, readRelease } from '../records/records.ts';
import { noteOf, type StatusNote } from '../records/status-note.ts';
import { readStranger } from '../steps/strangers.ts';
import { type CopiesSeen, seeCopies } from './copies-seen.ts';
import { type Drift, findDrift } from './drift.ts';
import { type LockState, readLock } from './lock-state.ts';

export interface ObserveOptions {
  readonly client: ClusterClient;
  readonly owner: RecordOwner;
  /** What the formation says about how its objects are judged. */
  readonly verify: Release['verify'];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** What a formation is at one destination, as far as the credentials show it. */
export interface ObservedFormation {
  /** The live release; undefined if none is known. Without the right to records it is the newest one. */
  readonly release: StatusNote | undefined;
  /** The release in steps that is open beside it, or is being committed. */
  readonly open?: OpenRelease | undefined;
  /** Whether the release is from its record, which is signed where there is a record key, and not from the note. */
  readonly isRecorded: boolean;
  /** How many releases are kept; undefined without the right to Secrets. */
  readonly kept: number | undefined;
  /** Why the record of the newest release cannot be read, although its Secret may be. */
  readonly recordProblems: readonly Problem[];
  readonly hold: HoldState;
  readonly lock: LockState;
  readonly health: readonly ObjectHealth[];
  readonly drift: Drift | undefined;
  /** Temporary copies that are not known to be those of an open release. */
  readonly copies?: CopiesSeen | undefined;
  /** What keeps the Services of an open release narrowed at its end, and what to do. */
  readonly stranger?: string | undefined;
}

/**
 * Reads what a formation runs at a destination, its health and its drift. It needs no right to Secrets: with it, the record counts
 * instead of the note, and drift is told exactly.
 * @throws SlipwayError `cluster-…`
 */
export async function observeFormation(options: ObserveOptions): Promise<ObservedFormation> {
  const { client, owner, clock } = options;
  const [note, history] = await Promise.all([
    readNote(client, owner),
    unlessForbidden(readHistory(client, owner)),
  ]);
  const record = history?.newest;
  const live = history?.live;
  const release = live === undefined ? note : noteOf(live, note);
  const beside = record === undefined ? [] : besideLive(record);
  const [hold, lock, health, drift] = await Promise.all([
    readHold(client, owner, clock(), record),
    readLock(client, owner, clock()),
    release === undefined ? [] : readHealth([...release.objects, ...beside], options),
    release && findDrift(client, { ...release, owner, manifests: manifestsOf(live) }),
  ]);
  const copies = await seeCopies({ client, owner, note, history, found: drift?.copies });
  const stranger = record && (await strangerOf(client, record));
  return {
    ...{ release, isRecorded: record !== undefined, kept: history?.kept, hold, lock, health, drift },
    recordProblems: history?.problems ?? [],
    ...defined({ open: record && openReleaseOf(record), copies, stranger }),
  };
}

/** A status says what it can: without the record of stable, or the right to list pods, verify-rollout names it. */
async function strangerOf(client: ClusterClient, record: Release): Promise<string | undefined> {
  try {
    return await unlessForbidden(readStranger(client, record));
  } catch (error) {
    const isRecord = error instanceof SlipwayError && /^(?:stable-)?record-/.test(error.code);
    if (!isRecord) throw error;
    return undefined;
  }
}

/** What an open release in steps has added so far: its last half is yet to be written on purpose. */
function besideLive(newest: Release): readonly RecordedObject[] {
  if (openReleaseOf(newest) === undefined) return [];
  return newest.objects.filter(({ copyOf, uid }) => copyOf !== undefined && uid !== undefined);
}

interface History {
  readonly kept: number;
  readonly newest: Release | undefined;
  /** What is live: the newest one, unless that is in steps or was undone. */
  readonly live: Release | undefined;
  readonly problems: readonly Problem[];
}

async function readHistory(client: ClusterClient, owner: RecordOwner): Promise<History> {
  const releases = await listReleases(client, owner);
  const [latest, ...earlier] = releases;
  if (latest === undefined) return { kept: 0, newest: undefined, live: undefined, problems: [] };
  try {
    const newest = await readRelease(client, owner, latest.number);
    const live = await readLive(client, newest, earlier);
    return { kept: releases.length, newest, live, problems: [] };
  } catch (error) {
    if (!(error instanceof SlipwayError) || !error.code.startsWith('record-')) throw error;
    return { kept: releases.length, newest: undefined, live: undefined, problems: error.problems };
  }
}

function manifestsOf(record: Release | undefined): readonly KubernetesObject[] | undefined {
  return record?.manifests as unknown as readonly KubernetesObject[] | undefined;
}

/** Jobs are left out: how one ended is in the verdict, and afterwards it may be gone. */
async function readHealth(
  objects: readonly ObjectReference[],
  { client, verify, clock, signal, logger }: ObserveOptions,
): Promise<readonly ObjectHealth[]> {
  const watched = objects
    .filter(object => hasStatus(object) && !isJob(object))
    .map(({ apiVersion, kind, namespace, name }) => ({ apiVersion, kind, ...defined({ namespace }), name }));
  if (watched.length === 0) return [];
  const { rules } = await formationTerms(verify);
  return await takeStock({ client, objects: watched, rules, clock, signal, logger });
}
