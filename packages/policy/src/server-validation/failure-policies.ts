import { type JsonObject, type Path, valueAt } from '@slipway/core';
import { nameForms, objectAt, objectsAt, textAt } from '@slipway/kubernetes';
import { problemsOf } from './metadata.ts';
import { conflicting, invalid, missing, type Refusal } from './refusal.ts';

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const STATUSES = ['True', 'False', 'Unknown'];

/**
 * The `podFailurePolicy` of a Job.
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/batch/validation/validation.go#L294
 */
export function failurePolicy(spec: JsonObject, path: Path): Refusal[] {
  return objectsAt(spec, 'podFailurePolicy', 'rules').flatMap((rule, index) => {
    const at = [...path, 'podFailurePolicy', 'rules', index];
    return [...action(rule, spec, at), ...cause(rule, at)];
  });
}

function action(rule: JsonObject, spec: JsonObject, path: Path): Refusal[] {
  const name = textAt(rule, 'action') ?? '';
  const at = [...path, 'action'];
  if (!ACTIONS.includes(name)) return [invalid(at, `must be one of ${ACTIONS.join(', ')}`)];
  return name === 'FailIndex' && (spec['backoffLimitPerIndex'] ?? null) === null
    ? [invalid(at, 'must not be FailIndex without "backoffLimitPerIndex"')]
    : [];
}

function cause(rule: JsonObject, path: Path): Refusal[] {
  const codes = objectAt(rule, 'onExitCodes');
  const conditions = objectsAt(rule, 'onPodConditions');
  if (codes === undefined && conditions.length === 0)
    return [invalid(path, 'must have "onExitCodes" or "onPodConditions"')];
  return [
    ...(codes !== undefined && conditions.length > 0
      ? [
          conflicting([...path, 'onExitCodes'], 'must not be set beside "onPodConditions"', [
            ...path,
            'onPodConditions',
          ]),
        ]
      : []),
    ...(codes === undefined ? [] : exitCodes(codes, [...path, 'onExitCodes'])),
    ...conditions.flatMap((pattern, index) => condition(pattern, [...path, 'onPodConditions', index])),
  ];
}

function exitCodes(codes: JsonObject, path: Path): Refusal[] {
  const operator = textAt(codes, 'operator') ?? '';
  const values = valueAt(codes, ['values']);
  const list = Array.isArray(values) ? values.map(Number) : [];
  const isOrdered = list.every((value, index) => index === 0 || value > Number(list[index - 1]));
  return [
    ...(operator === 'In' || operator === 'NotIn'
      ? []
      : [invalid([...path, 'operator'], 'must be In or NotIn')]),
    ...(list.length === 0 ? [missing([...path, 'values'])] : []),
    ...(isOrdered ? [] : [invalid([...path, 'values'], 'must be ordered, with each value once')]),
    ...(operator === 'In' && list.includes(0)
      ? [invalid([...path, 'values'], 'must not contain 0 for the operator In')]
      : []),
  ];
}

function condition(pattern: JsonObject, path: Path): Refusal[] {
  const status = textAt(pattern, 'status') ?? '';
  return [
    ...problemsOf(nameForms.qualifiedName.validate(textAt(pattern, 'type') ?? ''), [...path, 'type']),
    ...(STATUSES.includes(status)
      ? []
      : [invalid([...path, 'status'], `must be one of ${STATUSES.join(', ')}`)]),
  ];
}
