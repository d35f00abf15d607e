import type { Path } from '@slipway/core';
import { type LabelSelector, nameForms } from '@slipway/kubernetes';
import type { Form } from './form.ts';

const WITH_VALUES = ['In', 'NotIn'];
const OPERATORS = [...WITH_VALUES, 'Exists', 'DoesNotExist'];

/** https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/v1/validation/validation.go#L58 */
export function checkSelector(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  path: Path,
  form: Form,
): void {
  for (const [key, value] of Object.entries(matchLabels)) {
    const at = [...path, 'matchLabels', key];
    form.text(at, [...nameForms.qualifiedName.validate(key), ...nameForms.labelValue.validate(value)]);
  }
  for (const [index, requirement] of matchExpressions.entries())
    checkRequirement(requirement, [...path, 'matchExpressions', index], form);
}

function checkRequirement(
  { key, operator, values = [] }: NonNullable<LabelSelector['matchExpressions']>[number],
  path: Path,
  form: Form,
): void {
  form.word([...path, 'operator'], operator, OPERATORS);
  form.text([...path, 'key'], nameForms.qualifiedName.validate(key));
  for (const [index, value] of values.entries())
    form.text([...path, 'values', index], nameForms.labelValue.validate(value));
  if (WITH_VALUES.includes(operator))
    form.present([...path, 'values'], values, `list the values that ${operator} compares with`);
  else if (OPERATORS.includes(operator) && values.length > 0)
    form.add([...path, 'values'], `must not be set, because the operator is ${operator}`, 'remove it');
}
