import type { StatusRule } from '@slipway/core';
import { compileRules, type StatusRules } from '@slipway/rollout';

/**
 * The user's rules for custom resources, ready to be asked. The language is loaded for those who have some.
 * @throws SlipwayError `status-rule-invalid`
 */
export async function statusRules(rules: readonly StatusRule[]): Promise<StatusRules | undefined> {
  if (rules.length === 0) return undefined;
  const { compileObjectExpression } = await import('@slipway/policy');
  return compileRules(rules, compileObjectExpression);
}
