import type { Release, StatusRule } from '@slipway/core';
import { compileRules, type RolloutOptions, type StatusRules, windowsOf } from '@slipway/rollout';

/** How a formation wants its objects to be judged, while deploying as while verifying. */
export type OwnTerms = Pick<RolloutOptions, 'rules' | 'windows'>;

/** @throws SlipwayError `status-rule-invalid` */
export async function ownTerms(verify: Release['verify']): Promise<OwnTerms> {
  return { rules: await statusRules(verify?.status ?? []), windows: windowsOf(verify?.windows) };
}

/**
 * Rules for custom resources, ready to be asked. The language is loaded for those who have some.
 * @throws SlipwayError `status-rule-invalid`
 */
export async function statusRules(rules: readonly StatusRule[]): Promise<StatusRules | undefined> {
  if (rules.length === 0) return undefined;
  const { compileObjectExpression } = await import('@slipway/policy');
  return compileRules(rules, compileObjectExpression);
}
