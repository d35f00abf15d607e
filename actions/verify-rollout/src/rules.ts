import { apiGroup, type ObjectReference, type StatusRule } from '@slipway/core';
import { compileRules, ruleKey, rulesFor, type StatusRules } from '@slipway/rollout';

/**
 * The rules for custom resources that these objects need, ready to be asked. The language is loaded for those who need it.
 * @throws SlipwayError `status-rule-invalid`
 */
export async function statusRules(
  objects: readonly ObjectReference[],
  own: readonly StatusRule[],
): Promise<StatusRules | undefined> {
  const kinds = new Set(
    objects.map(({ apiVersion, kind }) => ruleKey({ group: apiGroup(apiVersion), kind })),
  );
  // The user's own are tried even where nothing of their kind is there: a mistake in one should not wait for that.
  const needed = rulesFor(own).filter(rule => own.includes(rule) || kinds.has(ruleKey(rule)));
  if (needed.length === 0) return undefined;
  const { compileObjectExpression } = await import('@slipway/policy');
  return compileRules(needed, compileObjectExpression);
}
