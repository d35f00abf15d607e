import { sha256 } from '@slipway/core';

export interface TagSource {
  /** The key of the instance that is built for; undefined if it is the application itself. */
  readonly key?: string | undefined;
  /** When the build began. */
  readonly now: Date;
  /** The commit that is built, if there is one. */
  readonly revision: string | undefined;
  /** GITHUB_RUN_NUMBER and GITHUB_RUN_ATTEMPT; empty outside of a run. */
  readonly runNumber: string;
  readonly runAttempt: string;
}

const REVISION_LENGTH = 7;

/** What a deployment tag may have: see `isDeploymentTag`. */
const MAX_LENGTH = 45;
const HASH_LENGTH = 5;

/**
 * A deployment tag such as `20261121-021512-a1b2c3d-118-1`: the time in UTC, so that tags sort by age; the commit, so that a
 * person knows what it is; the run and its attempt, so that running again makes another one. It names no registry and no
 * account, which are masked in outputs between jobs where they are secrets. One of an instance begins with its key, `pr-1234-`, and where
 * that leaves too little room, a hash says what follows the time.
 */
export function makeDeploymentTag({ now, revision, runNumber, runAttempt, key }: TagSource): string {
  const time = now.toISOString().replace(/\..*$/, '').replace(/[-:]/g, '').replace('T', '-');
  const parts = [revision?.slice(0, REVISION_LENGTH), digits(runNumber), digits(runAttempt)];
  const [begin, end] = [
    key === undefined ? time : `pr-${key}-${time}`,
    parts.filter(part => part !== undefined && part !== '').join('-'),
  ];
  const tag = end === '' ? begin : `${begin}-${end}`;
  return tag.length <= MAX_LENGTH ? tag : `${begin}-${hashOf(end)}`;
}

function hashOf(text: string): string {
  return sha256(text).replace('sha256:', '').slice(0, HASH_LENGTH);
}

/** At most ten, which no run's number reaches, so that the tag never grows too long. */
function digits(text: string): string {
  return text.replace(/\D/g, '').slice(0, 10);
}
