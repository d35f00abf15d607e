import { type Position, type Problem, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

export const WILDCARD = '*';

/** Something that a config file says at an address: `<destination>.<formation>.<word>…`, any segment may be `*`. */
export interface Addressed<Content> {
  readonly segments: readonly string[];
  readonly content: Content;
  readonly at: Position;
  /** Given with the run, so that it wins over every file. */
  readonly isOverride?: true;
  /** Of a shared folder: what the application itself says of equal weight goes before, and it need not be of use here. */
  readonly isShared?: true;
}

export function formatAddress({ segments }: Addressed<unknown>): string {
  return segments.join('.');
}

const segmentPattern = /^(?:\*|[A-Za-z0-9_-]+)$/;

/** @returns undefined, with a problem, for a text that is no address */
export function parseAddress(
  text: string,
  at: Position,
  report: (problem: Problem<RenderErrorCode>) => void,
): string[] | undefined {
  const segments = text.split('.');
  if (segments.every(segment => segmentPattern.test(segment))) return segments;
  report({
    code: 'address-malformed',
    at,
    message: `${quote(text)} is no address`,
    remedy: 'write <destination>.<formation>.<word>… with letters, digits, _ and -, or * for any segment',
  });
  return undefined;
}

/** How many segments are no wildcards: of all addresses that match, the one with the most wins. */
export function weight({ segments, isOverride }: Addressed<unknown>): number {
  return isOverride ? Number.POSITIVE_INFINITY : segments.filter(segment => segment !== WILDCARD).length;
}

export function segmentMatches(pattern: string | undefined, segment: string | undefined): boolean {
  return pattern === WILDCARD || pattern === segment;
}

/** Whether some destination, formation and word is matched by both. */
export function overlap(a: readonly string[], b: readonly string[]): boolean {
  return (
    a.length === b.length &&
    a.every((segment, index) => segment === WILDCARD || segmentMatches(b[index], segment))
  );
}
