import { formatPointer } from '@slipway/core';
import type { CommentsByPointer, ValueComments } from '@slipway/yaml';
import type { Origin, Traced, TracedMap } from '../trace/traced.ts';

/**
 * The comments of an object, from the stencil and the patches that its parts were written in; undefined if no file has any.
 */
export function commentsOf(traced: TracedMap): CommentsByPointer | undefined {
  if (!hasComments(traced)) return undefined;
  const comments = new Map<string, ValueComments>();
  const { document, span } = traced.origin;
  const below = document.root === span ? document.comments.below : [];
  if (below.length > 0) comments.set('', { below });
  walk(traced, '', comments);
  return comments;
}

function hasComments(value: Traced): boolean {
  if (!value.origin.document.comments.isEmpty) return true;
  if (value.kind === 'list') return value.items.some(hasComments);
  return value.kind === 'map' && [...value.entries.values()].some(entry => hasComments(entry.value));
}

function walk(value: Traced, pointer: string, comments: Map<string, ValueComments>): void {
  const add = (step: string | number, child: Traced, key: Origin | undefined): void => {
    const below = pointer + formatPointer([step]);
    const found = commentsAt(child, key);
    if (found !== undefined) comments.set(below, found);
    walk(child, below, comments);
  };
  if (value.kind === 'map') for (const [key, entry] of value.entries) add(key, entry.value, entry.key);
  else if (value.kind === 'list')
    for (const [index, item] of value.items.entries()) add(index, item, undefined);
}

function commentsAt(value: Traced, key: Origin | undefined): ValueComments | undefined {
  const { document, span, isAdded } = key ?? value.origin;
  const isEmpty = span.start === span.end;
  if (isAdded || isEmpty || (key === undefined && beginsWithPart(value.origin))) return undefined;
  return document.comments.at(span.start);
}

/** A list or map in block style begins with its first part, which has the comments; one that replaced a placeholder does not. */
function beginsWithPart({ document, span }: Origin): boolean {
  const isScalar = 'kind' in span && span.kind === 'scalar';
  return !isScalar && !'[{'.includes(document.source.charAt(span.start));
}
