import type { ReleaseSteps, StepSelector } from '@slipway/core';

/** The judgement of one step. */
export type StepResult = NonNullable<ReleaseSteps['results']>[number];
export type StepDecision = NonNullable<ReleaseSteps['decisions']>[number];

/** How pods are that are to become ready, or to stay so. */
export type Health =
  | { readonly state: 'ready' }
  | { readonly state: 'progressing' | 'failed'; readonly message: string };

/** What someone else has changed. */
export interface ForeignEdit {
  /** Half a sentence, such as `kubectl-edit changed /spec/selector of Service api`. */
  readonly what: string;
  /** Whether `continue foreign-edit` can take it back: stable itself is written by no step. */
  readonly canBeTakenBack: boolean;
}

/** What a run has seen of the cluster, and found out, before it asks what follows. */
export interface Observed {
  /** Whether each copy has as many pods as the target says, or is gone where it says 0. */
  readonly areCopiesSized: boolean;
  /** Which pods the held Services select; the target's where there are none. */
  readonly selector: StepSelector | 'mixed';
  /** The copies' pods; `ready` is said once they have been so for as long as the terms say, and sent to. */
  readonly copy: Health;
  /** Stable's pods. */
  readonly stable: Health;
  /** Whether a workload of stable is not in the cluster at all. */
  readonly isStableGone: boolean;
  /** Whether this run has created it again, so that it is worth while to watch it. */
  readonly isStableBack?: boolean;
  /** Whether each workload of stable has a Ready pod; for one that is to have none, true. */
  readonly stableServes: boolean;
  /** How many pods stable has now, by workload. */
  readonly stableSizes: Readonly<Record<string, number>>;
  /** Why stable's Ready pods get no user once Services are narrowed to it, and what to do. */
  readonly unselected?: string | undefined;
  readonly foreign?: ForeignEdit | undefined;
  /** What would get users beside stable at the end, and is not Slipway's to delete: why, and what to do. */
  readonly stranger?: string | undefined;
  /** How stable differs from what it was before the release, while that is undone: no step writes it back. */
  readonly differs?: string | undefined;
  /** The bound that the copy alone must keep, and has crossed. */
  readonly crossed?: string | undefined;
  /** Milliseconds of the bake that do not count: the API server was away, or the copy was not Ready. */
  readonly lost: number;
  /** The judgement of the step, once this run has made it. */
  readonly judgement?: Pick<StepResult, 'verdict' | 'summary' | 'checks'> | undefined;
  /** Whether the last half may be written, once this run has asked: undefined for yes, else why not. */
  readonly commit?: { readonly refused: string | undefined } | undefined;
  readonly lastHalf: 'to-write' | 'written' | 'taken-back';
  /** Held objects are narrowed, or as the end wants them: as the manifests of the release, or as those of stable. */
  readonly held: 'narrowed' | 'as-released' | 'as-stable';
  /** Whether what the first half has changed was taken back. */
  readonly isFirstHalfTakenBack: boolean;
}

/** What someone has decided. */
export interface Decision {
  readonly what: 'continue' | 'promote' | 'reject';
  /** What `continue` lets pass: the name of a pause, or whatever else the release waits for. */
  readonly name?: string | undefined;
  /** Why the decider may not pass a pause, by its name. */
  readonly barred: Readonly<Record<string, string>>;
  /** How it is recorded; `what` and the time are added. */
  readonly as: Omit<StepDecision, 'at' | 'what'>;
}

/** What the run that looks can do. */
export interface Run {
  /** Undefined for none, and from when it is in the record. */
  readonly decision?: Decision | undefined;
  /** Until when it stays for bakes: what is left of `attend`, and the end of its login. */
  readonly until: Date;
}

/** A part of the way to the target. */
export type Part =
  /** The copies, as many pods as the target says; no user gets there by that. */
  | 'copies'
  /** The copies, and the selector of held Services. */
  | 'traffic'
  /** What someone removed of stable, as its record has it. */
  | 'stable'
  /** Users to stable, by force, and then no copies. */
  | 'home'
  /** What is written at the commit, without held objects. */
  | 'last-half'
  /** Held objects as the end wants them. */
  | 'held'
  /** What the first half changed or added, as it was before. */
  | 'first-half-back'
  /** What the commit wrote, as it was before, without held objects. */
  | 'last-half-back';

/** What follows. */
export type Action =
  | { readonly do: 'reach'; readonly part: Part; readonly force: boolean }
  /** Watches until something changes, or a time. */
  | { readonly do: 'watch'; readonly until?: Date }
  /** Judges the step, or asks whether the commit may be written. */
  | { readonly do: 'judge'; readonly what: 'step' | 'commit' }
  /** Changes the record before anything follows from it. */
  | { readonly do: 'move'; readonly to: ReleaseSteps; readonly says: string; readonly decides: boolean }
  /** The run ends, and the release stays open. */
  | { readonly do: 'wait'; readonly for: string; readonly says: string }
  /** The decision is not possible; nothing is done. */
  | { readonly do: 'refuse'; readonly why: string; readonly remedy: string }
  /** The release is closed, with this verdict. */
  | { readonly do: 'done'; readonly verdict: Verdict };

export type Verdict = 'succeeded' | 'rolled-back' | 'rollback-failed' | 'superseded';

/** Everything that decides what follows. */
export interface Look {
  readonly steps: ReleaseSteps;
  readonly seen: Observed;
  readonly run: Run;
  /** By the API server's clock. */
  readonly now: Date;
}
