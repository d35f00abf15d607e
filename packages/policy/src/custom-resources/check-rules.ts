import type { Program } from '@slipway/cel';
import {
  BINDING_COST_LIMIT,
  CostExceeded,
  EvaluationFailure,
  equals,
  expressionValue,
  Meter,
  Optional,
  type Value,
} from '@slipway/cel';
import { formatPointer, isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import type { Discovery } from '../findings.ts';
import type { Rule, RuleNode } from './rules.ts';

const RULE = 'schema/validation-rule';
const MAX_MESSAGE_LENGTH = 5 * 1024;
const OUT_OF_BUDGET =
  'validation failed due to running out of cost budget, no further validation rules will be run';

/**
 * The rules of a custom resource's schema that an object breaks, in the API server's words. A rule that names `oldSelf` is evaluated
 * only if there is an old value to compare with, and a value that an update leaves unchanged is not reported.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/cel/validation.go
 */
export function checkRules(root: RuleNode, object: JsonValue, old: JsonValue | undefined): Discovery[] {
  const run = new RuleRun();
  try {
    run.visit(root, object, old, [], { unchanged: false });
  } catch (error) {
    if (!(error instanceof CostExceeded)) throw error;
    run.found.push(discovery('/failed', OUT_OF_BUDGET, []));
  }
  return run.found;
}

/** Whether the nearest enclosing value that can be compared is unchanged. */
interface Context {
  readonly unchanged: boolean;
}

class RuleRun {
  readonly found: Discovery[] = [];
  #budget = BINDING_COST_LIMIT;

  visit(node: RuleNode, value: JsonValue, old: JsonValue | undefined, path: Path, around: Context): void {
    if (value === null) return;
    const unchanged = old === undefined ? around.unchanged : equals(value, old);
    if (node.rules.length > 0) this.#runRules(node, value, old ?? undefined, path, unchanged);
    for (const entry of node.allOf) this.#runRules(entry, value, old ?? undefined, path, around.unchanged);
    if (Array.isArray(value)) this.#visitItems(node, value, old, path, unchanged);
    else if (isJsonObject(value)) this.#visitFields(node, value, old, path, unchanged);
  }

  #visitItems(
    { items, schema }: RuleNode,
    list: readonly JsonValue[],
    old: JsonValue | undefined,
    path: Path,
    unchanged: boolean,
  ): void {
    if (items === undefined) return;
    const before = itemFinder(schema, Array.isArray(old) ? old : []);
    list.forEach((item, index) => {
      this.visit(items, item, before(item), [...path, index], { unchanged });
    });
  }

  #visitFields(
    { properties, values }: RuleNode,
    map: JsonObject,
    old: JsonValue | undefined,
    path: Path,
    unchanged: boolean,
  ): void {
    const before = isJsonObject(old) ? old : {};
    for (const key of Object.keys(map)) {
      const node = properties.get(key) ?? values;
      const oldValue = Object.hasOwn(before, key) ? before[key] : undefined;
      if (node !== undefined)
        this.visit(node, map[key] as JsonValue, oldValue, [...path, key], { unchanged });
    }
  }

  #runRules(
    { rules, schema }: RuleNode,
    value: JsonValue,
    old: JsonValue | undefined,
    path: Path,
    unchanged: boolean,
  ): void {
    const self = expressionValue(value, schema);
    const oldSelf = old === undefined ? undefined : expressionValue(old, schema);
    for (const rule of rules) {
      if (rule.usesOldSelf && oldSelf === undefined && !rule.optionalOldSelf) continue;
      const names: Readonly<Record<string, Value>> = {
        self,
        oldSelf: rule.optionalOldSelf ? optionalOf(oldSelf) : (oldSelf ?? null),
      };
      const found = this.#runRule(rule, names, path);
      const isForgiven = unchanged && !rule.usesOldSelf && found?.rule === RULE;
      if (found !== undefined && !isForgiven) this.found.push(found);
    }
  }

  #runRule(rule: Rule, names: Readonly<Record<string, Value>>, path: Path): Discovery | undefined {
    const outcome = this.#evaluate(rule.program, names);
    if (outcome instanceof EvaluationFailure)
      return { ...discovery('/failed', failureMessage(outcome.message, rule), path), subject: [rule.source] };
    if (outcome === true) return undefined;
    const made = rule.messageProgram === undefined ? undefined : this.#message(rule.messageProgram, names);
    const message = made ?? rule.message?.trim() ?? `failed rule: ${rule.source.trim()}`;
    return { ...discovery('', message, [...path, ...rule.fieldPath]), subject: [rule.source] };
  }

  #message(program: Program, names: Readonly<Record<string, Value>>): string | undefined {
    const outcome = this.#evaluate(program, names);
    const text = typeof outcome === 'string' ? outcome.trim() : '';
    const isUsable = text !== '' && !text.includes('\n') && Buffer.byteLength(text) <= MAX_MESSAGE_LENGTH;
    return isUsable ? text : undefined;
  }

  /** @throws CostExceeded if the rules of the object together exceed their budget */
  #evaluate(program: Program, names: Readonly<Record<string, Value>>): Value | EvaluationFailure {
    const meter = new Meter();
    try {
      return program.evaluate(names, meter);
    } catch (error) {
      if (error instanceof EvaluationFailure) return error;
      if (error instanceof CostExceeded) return new EvaluationFailure(TOO_DEAR);
      if (error instanceof RangeError) return new EvaluationFailure('the value is nested too deeply');
      throw error;
    } finally {
      this.#budget -= meter.spent;
      if (this.#budget < 0) this.#refuse();
    }
  }

  #refuse(): never {
    throw new CostExceeded();
  }
}

const TOO_DEAR = 'operation cancelled: actual cost limit exceeded';

function failureMessage(reason: string, rule: Rule): string {
  const name = rule.message?.trim() ?? rule.source.trim();
  if (reason === TOO_DEAR)
    return `'${reason}': no further validation rules will be run due to call cost exceeds limit for rule: ${name}`;
  return reason.startsWith('no such overload')
    ? `'${reason}': call arguments did not match a supported operator, function or macro signature for rule: ${name}`
    : `${reason} evaluating rule: ${name}`;
}

function optionalOf(value: Value | undefined): Optional {
  return value === undefined ? Optional.none : new Optional(value);
}

function discovery(suffix: string, message: string, path: Path): Discovery {
  return { rule: `${RULE}${suffix}`, severity: 'error', message, pointer: formatPointer(path) };
}

/** Items of a list can be found again only by the keys of a list of the type `map`. */
function itemFinder(
  schema: JsonObject,
  old: readonly JsonValue[],
): (item: JsonValue) => JsonValue | undefined {
  const keys = schema['x-kubernetes-list-map-keys'];
  if (schema['x-kubernetes-list-type'] !== 'map' || !Array.isArray(keys)) return () => undefined;
  const identity = (item: JsonValue): string =>
    isJsonObject(item) ? JSON.stringify(keys.map(key => String(item[String(key)]))) : '';
  const byIdentity = new Map(old.map(item => [identity(item), item]));
  return item => byIdentity.get(identity(item));
}
