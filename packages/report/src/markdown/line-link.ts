import { formatPosition, type Position } from '@slipway/core';
import { code } from './blocks.ts';

/** A position, as a link where its line has a page. */
export function lineLink(at: Position, lineUri?: (at: Position) => string | undefined): string {
  const uri = lineUri?.(at);
  const text = code(formatPosition(at));
  return uri === undefined ? text : `[${text}](${uri})`;
}
