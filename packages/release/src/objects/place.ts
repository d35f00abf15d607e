import type { Position } from '@slipway/core';
import type { ReleaseObject } from '../request.ts';

/**
 * Where an object is written, or one of its fields. Asked for where something is wrong, since the text is read once more for it.
 * @param pointer RFC 6901; empty for the object as a whole
 */
export function placeOf(
  { positionAt }: Pick<ReleaseObject, 'positionAt'>,
  pointer = '',
): Position | undefined {
  return positionAt?.(pointer === '' ? '/metadata/name' : pointer);
}
