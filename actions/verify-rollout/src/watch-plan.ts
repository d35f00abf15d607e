import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject, ObjectReference, Release } from '@slipway/core';
import { type CheckSurroundings, compileRules, prepareChecks, type RolloutOptions } from '@slipway/rollout';
import { readDeclared } from './declared.ts';
import type { VerifyContext } from './ending.ts';
import { type Terms, termsOf } from './terms.ts';

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
  /** What the words of checks stand for besides the place. */
  readonly words: Readonly<Record<string, string>>;
}

/**
 * Everything that can be wrong with inputs, rules and checks is told before the first look.
 * @throws SlipwayError `status-rule-invalid`, `check-invalid`, `check-forbidden`, and for the inputs' YAML
 */
export async function planWatch(
  client: ClusterClient,
  verified: Verified,
  { inputs, place, runner }: VerifyContext,
): Promise<WatchPlan> {
  const declared = await readDeclared(inputs, verified.verify, runner.workspace);
  const surroundings: CheckSurroundings = {
    client,
    namespace: place.namespace,
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
