import { type Problem, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import { positionOfOrigin, type Traced, type TracedEntry } from '../trace/traced.ts';

export function keyless(
  item: Traced,
  keys: readonly string[],
  path: readonly string[],
): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `an item of ${quote(path.join('.'))} lacks ${keys.map(quote).join(' or ')}, which identifies the items of this list`,
    remedy: `add ${keys.map(quote).join(' and ')}, or begin the list with "- $patch: replace"`,
  };
}

export function ambiguousItem(
  item: Traced,
  undecided: readonly string[],
  keys: readonly string[],
  path: readonly string[],
): Problem<RenderErrorCode> {
  const list = quote(path.join('.'));
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `several items of ${list} match this item of the patch`,
    remedy:
      undecided.length > 0
        ? `add ${undecided.map(quote).join(' and ')} to say which one is meant`
        : `let each item of the list have its own ${keys.map(quote).join(' and ')}`,
  };
}

export function repeatedItem(
  item: Traced,
  keys: readonly string[],
  path: readonly string[],
): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(item.origin),
    message: `the patch has several items for the same item of ${quote(path.join('.'))}`,
    remedy: `write each ${keys.map(quote).join(' and ')} once`,
  };
}

export function directiveOverList(patch: TracedEntry, path: readonly string[]): Problem<RenderErrorCode> {
  return {
    code: 'patch-invalid',
    at: positionOfOrigin(patch.key),
    message: `${quote(path.join('.'))} is a list, and the patch has a map with "$patch" for it`,
    remedy: 'begin the list with "- $patch: replace"',
  };
}
