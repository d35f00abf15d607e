import { type Problem, quote, textMap } from '@slipway/core';
import { describeObject, MAX_NAME, NAMING, ORDER, objectKey, referenceTo } from '@slipway/kubernetes';
import { termsProblems } from '@slipway/rollout';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { placeOf } from '../objects/place.ts';
import { orderOf } from '../objects/stages.ts';
import type { ReleaseObject } from '../request.ts';

/** Objects that are in a release twice. */
export function duplicateProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  const seen = new Set<string>();
  return objects.flatMap(given => {
    const { object } = given;
    const key = objectKey(referenceTo(object));
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    const message = `${describeObject(referenceTo(object))} is in the release twice`;
    return [
      {
        code: 'object-duplicate',
        message,
        remedy: 'remove or rename one',
        at: placeOf(given),
      } as const,
    ];
  });
}

/** Order annotations that are not an integer. */
export function orderProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  return objects.flatMap(given => {
    const { object } = given;
    const text = textMap(object.metadata['annotations'] ?? null)[ORDER];
    if (text === undefined || orderOf(object) !== undefined) return [];
    const message = `${object.kind} ${quote(object.metadata.name)} has ${ORDER} ${quote(text)}`;
    const remedy = 'write an integer in quotes, such as "-1"';
    return [{ code: 'order-invalid', message, remedy, at: placeOf(given) } as const];
  });
}

/** Annotations for waiting times of verify-rollout that are not durations. */
export function timeProblems(objects: readonly ReleaseObject[]): Problem[] {
  return objects.flatMap(given =>
    termsProblems(given.object).map(({ pointer, object: _, ...problem }) => ({
      ...problem,
      at: placeOf(given, pointer),
    })),
  );
}

/** Naming annotations that are neither `content` nor `fixed`. */
export function namingProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  return objects.flatMap(given => {
    const { object } = given;
    const wanted = textMap(object.metadata['annotations'] ?? null)[NAMING];
    if (wanted === undefined || wanted === 'content' || wanted === 'fixed') return [];
    const message = `${object.kind} ${quote(object.metadata.name)} has ${NAMING} ${quote(wanted)}`;
    return [
      {
        code: 'naming-invalid',
        message,
        remedy: 'write "content" or "fixed"',
        at: placeOf(given),
      } as const,
    ];
  });
}

/** Names that are too long in the manifest. Content names are shortened to fit, which must not hide that. */
export function lengthProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  return objects.flatMap(given => {
    const { object } = given;
    const { length } = object.metadata.name;
    if (length <= MAX_NAME) return [];
    const message = `the name of ${object.kind} ${quote(object.metadata.name)} has ${length} characters, and at most ${MAX_NAME} are allowed`;
    return [{ code: 'name-too-long', message, remedy: 'shorten it', at: placeOf(given) } as const];
  });
}
