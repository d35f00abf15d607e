import { stringifyJson } from '@slipway/core';
import { objectKey } from '@slipway/kubernetes';
import type { ReviewedChange, ReviewedField } from './reviewed.ts';

/**
 * What changes beside the pull request: the changes since something earlier without those that the pull request makes in the same way.
 * A field that changed before and changes again is in both, since its value there is another one.
 */
export function changesBeyond(
  sinceEarlier: readonly ReviewedChange[],
  own: readonly ReviewedChange[],
): readonly ReviewedChange[] {
  const made = new Map(own.map(change => [objectKey(change.object), change]));
  return sinceEarlier.flatMap(change => {
    const same = made.get(objectKey(change.object));
    return same === undefined || same.action !== change.action ? [change] : beyondChange(change, same);
  });
}

function beyondChange(change: ReviewedChange, own: ReviewedChange): readonly ReviewedChange[] {
  const made = new Set(own.fields.map(keyOfField));
  const fields = change.fields.filter(field => !made.has(keyOfField(field)));
  const { note, ...others } = change;
  const hasOtherNote = note !== undefined && note !== own.note;
  if (fields.length === 0 && !hasOtherNote) return [];
  return [
    {
      ...others,
      fields,
      restarts: change.restarts && !own.restarts,
      ...(hasOtherNote ? { note } : {}),
    },
  ];
}

function keyOfField({ path, ...values }: ReviewedField): string {
  return stringifyJson([path, values]);
}
