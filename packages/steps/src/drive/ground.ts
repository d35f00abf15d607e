import type { Release, ReleaseSteps } from '@slipway/core';
import type { Health, Observed, Part, Verdict } from '../machine/observed.ts';

/** What a look shows of the cluster, without how its pods are. */
export type SeenSteps = Pick<
  Observed,
  | 'areCopiesSized'
  | 'selector'
  | 'stableServes'
  | 'isStableGone'
  | 'stableSizes'
  | 'unselected'
  | 'foreign'
  | 'stranger'
  | 'differs'
  | 'lastHalf'
  | 'held'
  | 'isFirstHalfTakenBack'
> & {
  /** Whether the Services of the copies send to all of their Ready pods. */
  readonly areCopiesSentTo: boolean;
};

/** What watching for a while has shown. */
export interface Watched {
  readonly health: Health;
  /** Milliseconds that do not count: the API server was away, or pods were not Ready. */
  readonly lost: number;
  /** The bound that the copy has crossed. */
  readonly crossed?: string | undefined;
}

export interface WatchTerms {
  /** The copies, or all else of the release. */
  readonly what: 'copy' | 'stable';
  /** Milliseconds for which they must have been ready; by default what the terms of the release say. */
  readonly stableFor?: number | undefined;
}

/** What may be done to a release while its lock is held. */
export interface LockedGround {
  /** The record as it is now. */
  read(): Promise<Release>;
  /** The API server's time. */
  now(): Promise<Date>;
  see(release: Release): Promise<SeenSteps>;
  reach(release: Release, part: Part, force: boolean): Promise<void>;
  /** Why the last half may not be written; undefined if it may. */
  askCommit(release: Release): Promise<string | undefined>;
  /** Changes the state in the record. */
  change(release: Release, to: ReleaseSteps): Promise<void>;
  close(release: Release, verdict: Verdict): Promise<Release>;
}

/** What moving a release on needs. */
export interface StepsGround {
  /** Runs `work` while the formation's lock is held. */
  locked<Result>(work: (ground: LockedGround) => Promise<Result>): Promise<Result>;
  /** Watches until the pods have been ready for long enough, or have failed. */
  watch(release: Release, terms: WatchTerms): Promise<Watched>;
  /** Judges the step that the release is in. */
  judge(release: Release): Promise<NonNullable<Observed['judgement']>>;
  /** Is told what happens, as a sentence. */
  say(sentence: string): void;
  /** Is called with the record whenever it has changed. */
  note(release: Release): void;
}
