import type { compileObjectExpression, ObjectExpression } from '@slipway/cel';
import { type Problem, parseDuration, quote, type StatusRule, throwIfAny } from '@slipway/core';
import { isBuiltInGroup, type KubernetesObject, kindKeyIn, uidOf } from '@slipway/kubernetes';
import type { RolloutErrorCode } from '../error-codes.ts';
import { oneLine } from '../text.ts';
import type { StatusRules } from './assess.ts';
import { notObservedYet, observedGeneration } from './conditions.ts';
import { inProgress, ONLY_AT_DEADLINE, ready, type Status, type Trouble } from './status.ts';

/**
 * Compiles rules for custom resources; undefined where there are none, and then the language is not loaded either.
 * @throws SlipwayError `status-rule-invalid`, all of them at once
 */
export async function compileRules(rules: readonly StatusRule[]): Promise<StatusRules | undefined> {
  if (rules.length === 0) return undefined;
  const { compileObjectExpression } = await import('@slipway/cel');
  const problems: Problem<RolloutErrorCode>[] = [];
  const compiled = rules.map(
    rule => [kindKeyIn(rule.group, rule.kind), compileRule(rule, compileObjectExpression, problems)] as const,
  );
  throwIfAny(problems);
  return new Map(compiled);
}

function compileRule(
  rule: StatusRule,
  compile: typeof compileObjectExpression,
  problems: Problem<RolloutErrorCode>[],
): (object: KubernetesObject) => Status {
  const refuse = (message: string, remedy: string): void => {
    problems.push({
      code: 'status-rule-invalid',
      message: `the status rule of ${quote(`${rule.group}/${rule.kind}`)} ${message}`,
      remedy,
    });
  };
  if (isBuiltInGroup(rule.group)) refuse('is for a kind of Kubernetes itself', 'remove it');
  const expression = (field: 'ready' | 'failed' | 'message'): NamedExpression | undefined => {
    const source = rule[field];
    if (source === undefined) return undefined;
    const found = compile(source);
    if ('evaluate' in found) return { field, evaluate: object => found.evaluate(object) };
    refuse(
      `has an invalid expression in ${quote(field)}: ${oneLine(found.problem)}`,
      'correct the CEL expression',
    );
    return undefined;
  };
  const [isReady, failed, message] = [expression('ready'), expression('failed'), expression('message')];
  const failedAfter = parseDuration(rule['failed-after'] ?? '') ?? 0;
  return object => statusBy({ isReady, failed, message, failedAfter }, object);
}

interface NamedExpression extends ObjectExpression {
  readonly field: string;
}

interface Compiled {
  readonly isReady: NamedExpression | undefined;
  readonly failed: NamedExpression | undefined;
  readonly message: NamedExpression | undefined;
  readonly failedAfter: number;
}

function statusBy({ isReady, failed, message, failedAfter }: Compiled, object: KubernetesObject): Status {
  const stale = observedGeneration(object) === undefined ? undefined : notObservedYet(object);
  if (stale !== undefined) return stale;
  const hasFailed = holds(failed, object);
  if (hasFailed === true)
    return failing(object, words(message, object) ?? 'its status rule says that it has failed', failedAfter);
  const good = holds(isReady, object);
  const unclear = [hasFailed, good].find(answer => typeof answer === 'string');
  if (typeof unclear === 'string') return undecided(object, unclear);
  const said = words(message, object);
  if (good === true) return ready(said ?? 'its status rule says that it is ready', { progress: 1 });
  return inProgress(said ?? 'its status rule does not say that it is ready yet');
}

/** Whether an expression is true; a text says why it has no value, which is never a pass, whatever the other expression says. */
function holds(expression: NamedExpression | undefined, object: KubernetesObject): boolean | string {
  if (expression === undefined) return false;
  const answer = expression.evaluate(object);
  if ('failure' in answer)
    return `its status rule ${quote(expression.field)} cannot be evaluated: ${oneLine(answer.failure)}`;
  if (typeof answer.value === 'boolean') return answer.value;
  return `its status rule ${quote(expression.field)} returned neither true nor false`;
}

function words(expression: NamedExpression | undefined, object: KubernetesObject): string | undefined {
  const answer = expression?.evaluate(object);
  const said =
    answer !== undefined && 'value' in answer && typeof answer.value === 'string' ? answer.value : '';
  return oneLine(said) || undefined;
}

function failing(object: KubernetesObject, message: string, certainAfter: number): Status {
  const trouble: Trouble = {
    key: `${uidOf(object)}/rule`,
    reason: 'Failed',
    message,
    remedy: 'look at the log of its controller',
    certainAfter,
  };
  return inProgress(message, { troubles: [trouble] });
}

function undecided(object: KubernetesObject, message: string): Status {
  const trouble: Trouble = {
    key: `${uidOf(object)}/rule`,
    reason: 'RuleFailed',
    message,
    remedy: 'test fields that may be missing with has(…)',
    certainAfter: ONLY_AT_DEADLINE,
  };
  return inProgress(message, { troubles: [trouble] });
}
