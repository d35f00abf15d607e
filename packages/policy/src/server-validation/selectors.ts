import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import {
  type KubernetesObject,
  nameForms,
  objectAt,
  objectsAt,
  selectorsOf,
  valuesAt,
} from '@slipway/kubernetes';
import { labelProblems, problemsOf } from './metadata.ts';
import { invalid, missing, type Refusal } from './refusal.ts';

/**
 * The selectors of an object and of the pods that it describes.
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/apis/meta/v1/validation/validation.go
 */
export function validateSelectors(object: KubernetesObject): Refusal[] {
  return selectorsOf(object)
    .filter(({ isBare }) => !isBare)
    .flatMap(rule => valuesAt(object, rule.path))
    .flatMap(({ value, path }) => (isJsonObject(value) ? validateSelector(value, path) : []));
}

function validateSelector(selector: JsonObject, path: Path): Refusal[] {
  return [
    ...labelProblems(objectAt(selector, 'matchLabels') ?? {}, [...path, 'matchLabels']),
    ...objectsAt(selector, 'matchExpressions').flatMap((requirement, index) =>
      validateRequirement(requirement, [...path, 'matchExpressions', index]),
    ),
  ];
}

function validateRequirement({ key, operator, values }: JsonObject, path: Path): Refusal[] {
  const list: readonly JsonValue[] = Array.isArray(values) ? values : [];
  return [
    ...(typeof key === 'string' ? problemsOf(nameForms.qualifiedName.validate(key), [...path, 'key']) : []),
    ...ofOperator(operator, list, path),
    ...list.flatMap((value, index) =>
      typeof value === 'string'
        ? problemsOf(nameForms.labelValue.validate(value), [...path, 'values', index])
        : [],
    ),
  ];
}

function ofOperator(operator: JsonValue | undefined, values: readonly JsonValue[], path: Path): Refusal[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length > 0 ? [] : [missing([...path, 'values'], `which ${operator} needs`)];
    case 'Exists':
    case 'DoesNotExist':
      return values.length > 0 ? [invalid([...path, 'values'], `must not be set for ${operator}`)] : [];
    default:
      return [invalid([...path, 'operator'], 'must be In, NotIn, Exists or DoesNotExist')];
  }
}
