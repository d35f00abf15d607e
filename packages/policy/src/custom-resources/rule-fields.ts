import type { JsonObject } from '@slipway/core';
import { findField } from './field-path.ts';
import { inside, listOf, type Report } from './report.ts';

const REASONS = ['FieldValueRequired', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueDuplicate'];
const LINE_BREAK = /[\n\r]/;

/** What is wrong with the rules of a schema beside their expressions. */
export function checkRuleFields(schema: JsonObject, report: Report): void {
  for (const [index, value] of listOf(schema['x-kubernetes-validations']).entries()) {
    const rule = inside(value);
    const at = ['x-kubernetes-validations', index];
    checkTexts(rule, (message, path) => report(message, [...at, ...path]));
    const fieldPath = textOf(rule, 'fieldPath');
    if (fieldPath !== '' && findField(fieldPath, schema) === undefined)
      report('fieldPath must lead to a field of the schema', [...at, 'fieldPath']);
  }
}

function checkTexts(rule: JsonObject, report: Report): void {
  const [source, message, words] = ['rule', 'message', 'messageExpression'].map(field => textOf(rule, field));
  const trimmed = (message ?? '').trim();
  if ((source ?? '').trim() === '') report('a rule needs an expression', ['rule']);
  else if (message !== '' && trimmed === '') report('message must not be blank', ['message']);
  else if (LINE_BREAK.test(trimmed)) report('message must be one line', ['message']);
  else if (LINE_BREAK.test((source ?? '').trim()) && trimmed === '')
    report('a rule of several lines needs a message', ['message']);
  if (words !== '' && (words ?? '').trim() === '')
    report('messageExpression must not be blank', ['messageExpression']);
  const { reason } = rule;
  if (typeof reason === 'string' && !REASONS.includes(reason))
    report(`reason must be one of ${REASONS.join(', ')}`, ['reason']);
  if (LINE_BREAK.test(textOf(rule, 'fieldPath'))) report('fieldPath must be one line', ['fieldPath']);
}

function textOf(rule: JsonObject, field: string): string {
  const value = rule[field];
  return typeof value === 'string' ? value : '';
}
