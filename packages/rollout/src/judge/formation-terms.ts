import type { Release } from '@slipway/core';
import type { RolloutOptions } from '../rollout.ts';
import { compileRules } from '../status/rules.ts';
import { windowsOf } from './object-terms.ts';

/** How a formation's objects are judged, both while deploying and while verifying. */
export type FormationTerms = Pick<RolloutOptions, 'rules' | 'windows'>;

/**
 * The rules and windows of a formation's `verify` block.
 * @throws SlipwayError `status-rule-invalid`
 */
export async function formationTerms(verify: Release['verify']): Promise<FormationTerms> {
  return { rules: await compileRules(verify?.status ?? []), windows: windowsOf(verify?.windows) };
}
