import type { Finding } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { Base } from '../base-rules/base.ts';
import type { History } from '../base-rules/history.ts';
import type { OldObjects } from '../old-objects/baseline.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { CheckSurroundings } from '../request/surroundings.ts';
import type { Subjects } from '../rules/judge.ts';
import type { RequestedRules } from '../rules/requested-rules.ts';
import type { RulesInForce } from '../rules/rules.ts';

/** One thing to check, with the rules for it. */
export interface Target {
  /** `production/eu`, or `manifests` for plain ones. */
  readonly name: string;
  readonly subjects: Subjects;
  readonly rules: RulesInForce;
  /** All that the base commit has for it, nothing if it is new there; absent without a base commit, or if one of the two cannot be read. */
  readonly before?: OldObjects;
  /** A plain file that the commit that is checked out does not have, such as what a step of the job wrote. */
  readonly uncommitted?: string;
  /** What was found while it was read. */
  readonly findings: readonly Finding[];
  /** Where report.json belongs: absolute. */
  readonly reportPath: string;
}

/** A destination that the base commit has and the checkout does not. */
export interface RemovedTarget {
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
  /** All that the base commit has for it; absent if that cannot be read. */
  readonly before?: OldObjects;
}

/** What a request asks to check. */
export interface Targets {
  readonly targets: readonly Target[];
  /** Those that were removed, read when they are first asked for, since most checks are not about them. */
  readonly removed: () => Promise<readonly RemovedTarget[]>;
  /** The application as the base commit has it; absent without one, or for plain manifests. */
  readonly base?: Repository;
}

export const NO_TARGETS: Targets = { targets: [], removed: async () => [] };

/** What targets are read with. */
export interface ReadContext {
  readonly request: CheckManifestsRequest;
  readonly surroundings: CheckSurroundings;
  /** Undefined where only the checkout's rules apply. */
  readonly base: Base | undefined;
  /** Opened when it is first asked for. */
  readonly history: () => Promise<History>;
}

export interface TargetContext extends ReadContext {
  readonly requested: RequestedRules;
}
