import { isJsonObject, type JsonValue } from '@slipway/core';

/** The fingerprints that the check of a pull request has listed for approval, and since when. */
export interface SignOffListing {
  /** The last commit of the pull request at that time. */
  readonly commit: string;
  /** When each fingerprint was first listed for that commit: ISO 8601. */
  readonly since: Readonly<Record<string, string>>;
}

const BEGIN = '<!-- slipway:sign-off ';
const END = ' -->';
/** More than anyone approves, and few enough for the length of a comment: each is about 100 bytes. */
export const MAX_LISTED = 400;

/** The hidden line of a comment that deploy reads. It has the first `MAX_LISTED`; whoever writes it says which it leaves out. */
export function formatListing({ commit, since }: SignOffListing): string {
  const kept = Object.fromEntries(Object.entries(since).slice(0, MAX_LISTED));
  return `${BEGIN}${JSON.stringify({ commit, since: kept })}${END}`;
}

/** The listing in a comment; undefined if there is no readable one. */
export function parseListing(comment: string): SignOffListing | undefined {
  const line = comment.split('\n').find(text => text.startsWith(BEGIN) && text.endsWith(END));
  if (line === undefined) return undefined;
  try {
    const value = JSON.parse(line.slice(BEGIN.length, -END.length)) as JsonValue;
    if (!isJsonObject(value) || typeof value['commit'] !== 'string' || !isJsonObject(value['since']))
      return undefined;
    const entries = Object.entries(value['since']).filter(
      (entry): entry is [string, string] =>
        typeof entry[1] === 'string' && !Number.isNaN(Date.parse(entry[1])),
    );
    return { commit: value['commit'], since: Object.fromEntries(entries) };
  } catch {
    return undefined;
  }
}

/** The listing after another check: fingerprints that were listed for the same commit keep their time. */
export function extendListing(
  before: SignOffListing | undefined,
  commit: string,
  fingerprints: readonly string[],
  now: Date,
): SignOffListing {
  const known = before?.commit === commit ? before.since : {};
  return {
    commit,
    since: Object.fromEntries(
      fingerprints.map(fingerprint => [fingerprint, known[fingerprint] ?? now.toISOString()]),
    ),
  };
}
