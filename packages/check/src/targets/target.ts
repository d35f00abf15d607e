import type { Finding } from '@slipway/core';
import type { Base } from '../base-rules/base.ts';
import type { History } from '../base-rules/history.ts';
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
  /** What was found while it was read. */
  readonly findings: readonly Finding[];
  /** Where report.json belongs: absolute. */
  readonly reportPath: string;
}

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
