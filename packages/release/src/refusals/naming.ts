import { type Problem, quote, textMap } from '@slipway/core';
import { MAX_NAME } from '../content/naming.ts';
import type { ReleaseErrorCode } from '../error-codes.ts';
import { NAMING } from '../keys.ts';
import type { ReleaseObject } from '../request.ts';

/** Annotations that ask for a way of naming that there is not, or for a kind that has none. */
export function namingProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  return objects.flatMap(({ object, at }) => {
    const wanted = textMap(object.metadata['annotations'] ?? null)[NAMING];
    if (wanted === undefined || wanted === 'content' || wanted === 'fixed') return [];
    const message = `${object.kind} ${quote(object.metadata.name)} has ${NAMING} ${quote(wanted)}`;
    return [{ code: 'naming-invalid', message, remedy: 'write "content" or "fixed"', at } as const];
  });
}

/** Names that are too long in the manifest: what comes of them with a hash is cut, which must not make them right. */
export function lengthProblems(objects: readonly ReleaseObject[]): Problem<ReleaseErrorCode>[] {
  return objects.flatMap(({ object, at }) => {
    const { length } = object.metadata.name;
    if (length <= MAX_NAME) return [];
    const message = `the name of ${object.kind} ${quote(object.metadata.name)} has ${length} characters, and at most ${MAX_NAME} are allowed`;
    return [{ code: 'name-too-long', message, remedy: 'shorten it', at } as const];
  });
}
