import type { Problem } from '@slipway/core';
import { YAMLException } from 'js-yaml';
import type { YamlErrorCode } from './error-codes.ts';
import type { Lines } from './lines.ts';

/** js-yaml's most frequent reasons in our words, and what to do about each. Others are passed on. */
const KNOWN: readonly (readonly [reason: RegExp, message: string, remedy: string])[] = [
  [/^tab characters must not/, 'a tab indents this line', 'indent with spaces'],
  [
    /^the stream contains non-printable/,
    'this is a control character',
    'remove it or write it as an escape in double quotes',
  ],
  [
    /^bad indentation/,
    'this line is not indented like its neighbours',
    'align it, or put text that contains ": " in quotes',
  ],
  [
    /^deficient indentation/,
    'a quoted text, "[" or "{" before this line is not closed',
    'close it, or indent the line as part of it',
  ],
  [
    /^expected ':' after a mapping key|multiline key/,
    'a ":" is missing after a key',
    'write "key: value" or indent the line as part of the value before it',
  ],
  [/within a (?:single|double) quoted scalar$/, 'a quoted text is not closed', 'add the closing quote'],
  [/within a flow collection$/, 'a "[" or "{" is not closed', 'add the closing bracket'],
  [/^missed comma between flow/, 'a comma is missing here', 'add it, or put the text before it in quotes'],
  [
    /^unknown escape sequence|^expected hexadecimal/,
    'a backslash in double quotes does not begin an escape sequence',
    'write \\\\ or use single quotes',
  ],
  [
    /^end of the stream or a document separator/,
    'the document ends before this line',
    'indent it like its neighbours or begin a document with ---',
  ],
];

const DEFAULT_REMEDY = 'fix the YAML there';

export function isIndentationError(error: unknown): boolean {
  return error instanceof YAMLException && error.reason === 'deficient indentation';
}

/** @returns undefined for an error that js-yaml did not throw */
export function syntaxProblem(
  error: unknown,
  source: string,
  lines: Lines,
): Problem<YamlErrorCode> | undefined {
  if (!(error instanceof YAMLException)) return undefined;
  const offset = offsetOf(error, source);
  const at = lines.positionOf({ start: offset, end: offset });
  if (error.reason.includes('maxDepth'))
    return {
      code: 'yaml-depth',
      message: 'lists and maps are nested too deeply',
      remedy: 'flatten the document',
      at,
    };
  if (source.slice(offset - 1, offset + 1) === '${')
    return {
      code: 'yaml-syntax',
      message: 'a placeholder between brackets or braces has no quotes',
      remedy: 'write "${…}" in double quotes',
      at: lines.positionOf({ start: offset - 1, end: offset + 1 }),
    };
  const reserved = /^[@`]/.exec(source.slice(offset))?.[0];
  if (reserved !== undefined)
    return {
      code: 'yaml-syntax',
      message: `text cannot begin with ${reserved}`,
      remedy: 'put it in quotes',
      at,
    };
  const [, message, remedy] = KNOWN.find(([reason]) => reason.test(error.reason)) ?? [];
  return {
    code: 'yaml-syntax',
    message: message ?? `not YAML: ${printable(error.reason)}`,
    remedy: remedy ?? DEFAULT_REMEDY,
    at,
  };
}

/** The parser notices a missing colon where the next word begins; the key that lacks it ends before the white space. */
function offsetOf(error: YAMLException, source: string): number {
  const offset = Math.min(error.mark?.position ?? 0, source.length);
  return /^expected ':'|multiline key/.test(error.reason) ? source.slice(0, offset).trimEnd().length : offset;
}

/** Some reasons quote a name from the file, which may contain anything. */
function printable(reason: string): string {
  return reason.replace(/[^\x20-\x7e]/g, '\u{FFFD}').slice(0, 120);
}
