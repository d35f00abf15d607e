import { isJsonObject, type JsonObject, type JsonValue, type Path } from '@slipway/core';
import type { KindSchema } from './schema.ts';
import { fieldName, type SchemaProblem } from './validate.ts';
import { withDefaults } from './with-defaults.ts';

const MAX_INT32 = 2_147_483_647;

/**
 * What the subresource `scale` of a definition refuses: replicas that are not a whole number, and a selector that is not text. The path
 * must lead through maps.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/registry/customresource/validator.go#L140
 */
export function scaleProblems(
  object: JsonObject,
  { schema, scale, dropsStatus }: KindSchema,
): SchemaProblem[] {
  if (scale === undefined) return [];
  const filled = withDefaults(object, schema);
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale;
  const counts = [specReplicasPath, statusReplicasPath].map(
    path => [path, isCount, 'a whole number of replicas'] as const,
  );
  const checks = [...counts, [labelSelectorPath, isText, 'text with a selector'] as const];
  return checks.flatMap(([text, isRight, what]) => {
    if (typeof text !== 'string' || text === '') return [];
    const path = text.replace(/^\./, '').split('.');
    return (dropsStatus && path[0] === 'status') || isRight(reached(filled, path))
      ? []
      : [refused(path, what)];
  });
}

/** The value at a path; undefined if there is none, and null if the path leads through what is not a map. */
function reached(object: JsonValue, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = object;
  for (const step of path) {
    if (value === undefined || value === null) return undefined;
    if (!isJsonObject(value)) return null;
    value = Object.hasOwn(value, step) ? (value[step] as JsonValue) : undefined;
  }
  return value;
}

function isCount(value: JsonValue | undefined): boolean {
  return value === undefined || (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= MAX_INT32);
}

function isText(value: JsonValue | undefined): boolean {
  return value === undefined || typeof value === 'string';
}

function refused(path: Path, what: string): SchemaProblem {
  return {
    rule: 'schema/invalid-value',
    message: `${fieldName(path)} must be ${what}, which its definition reads for the subresource scale`,
    path,
  };
}
