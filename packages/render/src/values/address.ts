import { type Position, type Problem, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

export const WILDCARD = '*';

/** An entry of a config file at an address: `<destination>.<formation>.<word>…`, in which any segment may be `*`. */
export interface Addressed<Content> {
  readonly segments: readonly string[];
  readonly content: Content;
  readonly at: Position;
  /** How a number or a boolean is written, such as 1.10, which is another text than its value. */
  readonly spelling?: string;
  /** Set for this run, so that it wins over every file. */
  readonly isOverride?: true;
  /** From a shared folder: an entry of the application with equal weight wins, and it need not be used. */
  readonly isShared?: true;
}

export function formatAddress({ segments }: Addressed<unknown>): string {
  return segments.join('.');
}

const SEGMENT_PATTERN = /^(?:\*|[A-Za-z0-9_-]+)$/;

/** @returns undefined, with a problem, for a text that is not an address */
export function parseAddress(
  text: string,
  at: Position,
  report: (problem: Problem<RenderErrorCode>) => void,
): string[] | undefined {
  const segments = text.split('.');
  if (segments.every(segment => SEGMENT_PATTERN.test(segment))) return segments;
  report({
    code: 'address-malformed',
    at,
    message: `${quote(text)} is not an address`,
    remedy: 'write <destination>.<formation>.<word>… with letters, digits, _ and -, or * for any segment',
  });
  return undefined;
}

/** The number of segments that are not wildcards: of all addresses that match, the one with the most wins. */
export function weight({ segments, isOverride }: Addressed<unknown>): number {
  return isOverride ? Number.POSITIVE_INFINITY : segments.filter(segment => segment !== WILDCARD).length;
}

export function segmentMatches(pattern: string | undefined, segment: string | undefined): boolean {
  return pattern === WILDCARD || pattern === segment;
}

/** Whether any destination, formation and word is matched by both. */
export function overlap(a: readonly string[], b: readonly string[]): boolean {
  return (
    a.length === b.length &&
    a.every((segment, index) => segment === WILDCARD || segmentMatches(b[index], segment))
  );
}
