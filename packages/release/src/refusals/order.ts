import { type Problem, quote, textMap } from '@slipway/core';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { ORDER } from '../keys.ts';
import { orderOf } from '../objects/stages.ts';
import type { ReleaseObject } from '../request.ts';

/** Annotations for the order that are no whole number. */
export function orderProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  return objects.flatMap(({ object, at }) => {
    const text = textMap(object.metadata['annotations'] ?? null)[ORDER];
    if (text === undefined || orderOf(object) !== undefined) return [];
    const message = `${object.kind} ${quote(object.metadata.name)} has ${ORDER} ${quote(text)}`;
    const remedy = 'write a whole number in quotes, such as "-1"';
    return [{ code: 'order-invalid', message, remedy, at } as const];
  });
}
