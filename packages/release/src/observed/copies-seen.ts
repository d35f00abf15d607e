import type { ClusterClient } from '@slipway/cluster';
import { openReleaseOf, type Problem, type Release } from '@slipway/core';
import { unlessForbidden } from '../cluster/expected-errors.ts';
import { readNote } from '../records/note-release.ts';
import { listReleases, type RecordOwner } from '../records/records.ts';
import type { StatusNote } from '../records/status-note.ts';
import { listCopies } from './left-copies.ts';

/** Temporary copies of a release in steps. */
export interface CopiesSeen {
  readonly names: readonly string[];
  /** Whether no release is open that has them. False where only the note can say so, which has no verdict yet. */
  readonly areLeft: boolean;
}

export interface CopiesLook {
  readonly client: ClusterClient;
  readonly owner: RecordOwner;
  readonly note: StatusNote | undefined;
  /** What the records say; undefined where they may not be read. */
  readonly history: KnownHistory | undefined;
  /** The names that another look has found; undefined if none was at Deployments. */
  readonly found: readonly string[] | undefined;
}

export interface KnownHistory {
  readonly newest: Release | undefined;
  readonly problems: readonly Problem[];
}

/** The copies of which an open release in steps is not known; a look that found none costs no request, where something is released. */
export async function seeCopies(look: CopiesLook): Promise<CopiesSeen | undefined> {
  const { note, history } = look;
  if (history !== undefined && mayBeOpen(history)) return undefined;
  const names = look.found ?? (await listCopies(look.client, look.owner)) ?? [];
  if (names.length === 0 || (await hasMovedOn(look))) return undefined;
  const isNotedOpen = history === undefined && note !== undefined && note.verdict === undefined;
  return { names, areLeft: !isNotedOpen };
}

/** A record that cannot be read may be of one. */
function mayBeOpen({ newest, problems }: KnownHistory): boolean {
  return problems.length > 0 || (newest !== undefined && openReleaseOf(newest) !== undefined);
}

/** A release that has begun or ended meanwhile is noted and recorded before its first copy is there. */
async function hasMovedOn({ client, owner, note, history }: CopiesLook): Promise<boolean> {
  const now = await readNote(client, owner);
  if (now?.number !== note?.number || now?.verdict !== note?.verdict) return true;
  const [latest] = history === undefined ? [] : ((await unlessForbidden(listReleases(client, owner))) ?? []);
  return latest?.number !== history?.newest?.number || latest?.verdict !== history?.newest?.verdict;
}
