import type { ClusterClient } from '@slipway/cluster';
import { parseDuration, type Release } from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import {
  type CheckSurroundings,
  compileRules,
  prepareChecks,
  type RolloutOptions,
  type Windows,
  windowsOf,
} from '@slipway/rollout';
import type { VerifyContext } from '../context.ts';
import type { Inputs, OnFailure } from '../inputs.ts';
import { declaredBy } from './declared.ts';

const DEFAULT_STABLE_FOR = 30_000;
const DEFAULT_TIMEOUT = 10 * 60_000;

export interface Terms {
  readonly stableFor: number;
  readonly timeout: number;
  /** Altogether; undefined: as long as there is progress. */
  readonly deadline: number | undefined;
  readonly windows: Windows;
  readonly onFailure: OnFailure;
}

/** How something is to be verified: times, rules and checks, all of them in order. */
export interface WatchPlan extends Terms, Pick<RolloutOptions, 'rules' | 'checks'> {}

/** What is to be verified. */
export interface Verified {
  readonly objects: readonly ObjectReference[];
  /** As they were written. */
  readonly manifests: readonly KubernetesObject[];
  /** How the formation says it is to be verified, where there is one. */
  readonly verify?: Release['verify'];
  /** When it was deployed. */
  readonly released: Date;
  /** What the words of checks are replaced with, besides the identity's. */
  readonly words: Readonly<Record<string, string>>;
}

/**
 * Everything that can be wrong with rules and checks is told before the first look.
 * @throws SlipwayError `status-rule-invalid`, `check-invalid`, `check-forbidden`
 */
export async function planWatch(
  client: ClusterClient,
  verified: Verified,
  { inputs, identity, own, runner }: VerifyContext,
): Promise<WatchPlan> {
  const declared = declaredBy(own, verified.verify);
  const surroundings: CheckSurroundings = {
    client,
    namespace: identity.namespace,
    objects: verified.objects,
    manifests: verified.manifests,
    prometheus: inputs.prometheus,
    words: verified.words,
    released: verified.released,
    clock: () => new Date(),
    logger: runner.logger,
  };
  return {
    ...termsOf(inputs, verified.verify),
    rules: await compileRules(declared.rules),
    checks: await prepareChecks(declared.checks, surroundings),
  };
}

/** Inputs first, then the `verify` block that the release was deployed with, then the defaults that action.yml names. */
function termsOf(inputs: Inputs, verify: Release['verify']): Terms {
  return {
    stableFor: inputs.stableFor ?? recorded(verify?.['stable-for']) ?? DEFAULT_STABLE_FOR,
    timeout: inputs.timeout ?? recorded(verify?.timeout) ?? DEFAULT_TIMEOUT,
    deadline: inputs.deadline ?? recorded(verify?.deadline),
    windows: windowsOf(verify?.windows),
    onFailure: inputs.onFailure ?? verify?.['on-failure'] ?? 'report',
  };
}

function recorded(text: string | undefined): number | undefined {
  return text === undefined ? undefined : parseDuration(text);
}
