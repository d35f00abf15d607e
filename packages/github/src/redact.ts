import { excerpt } from '@slipway/core';
import { escapeMarkdown } from '@slipway/report';

/** Masking shorter lines would blank out half of the log and protect nothing. */
const MIN_SECRET_LENGTH = 4;

/** The lines of a secret that are worth masking; the runner masks line by line. */
export function maskableLines(secret: string): string[] {
  return [...new Set([secret, ...secret.split(/\r\n|\r|\n/)])].filter(
    line => line.trim().length >= MIN_SECRET_LENGTH,
  );
}

/** What nothing may show of an input with `NAME=value` lines, whether they are well-formed or not. */
export function valuesOfLines(text: string): string[] {
  return text.split(/\r?\n/).flatMap(line => [line, line.slice(line.indexOf('=') + 1)]);
}

/** What a line of a secret becomes in our messages and in Markdown, where it must be found as well. */
export function writtenForms(line: string): string[] {
  return [...new Set([line, excerpt(line, line.length), escapeMarkdown(line)])];
}

/**
 * Replaces every secret by `***`, the longest first, so that nothing is left of one that contains another. Only secrets that occur are
 * sorted, as a file of ten thousand lines has as many secrets and every line of the log passes through here. A text that was cut to
 * size may have ended inside a secret, so what is left of one beside an ellipsis is replaced as well.
 */
export function redact(text: string, secrets: ReadonlySet<string>): string {
  return redactWith(MASK, text, secrets);
}

/** The same for Markdown, in which the mask is text wherever it is. */
export function redactMarkdown(markdown: string, secrets: ReadonlySet<string>): string {
  return redactWith(MARKDOWN_MASK, markdown, secrets);
}

function redactWith(mask: string, text: string, secrets: ReadonlySet<string>): string {
  const found: string[] = [];
  for (const secret of secrets) if (text.includes(secret)) found.push(secret);
  const safe = found
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, mask), text);
  return secrets.size > 0 && safe.includes(CUT) ? redactCuts(mask, safe, secrets) : safe;
}

const MASK = '***';
/** The same in Markdown, where asterisks beside a bold sentence would end it. */
const MARKDOWN_MASK = escapeMarkdown(MASK);
/** What every text ends or begins with that we cut. */
const CUT = '…';
/** The most characters beside a cut that are looked at: no message is longer. */
const BESIDE_CUT = 4_000;

function redactCuts(mask: string, text: string, secrets: ReadonlySet<string>): string {
  const parts = text.split(CUT);
  return parts
    .map((part, index) => {
      const begun = index === 0 ? part : part.slice(restOfSecret(part, secrets));
      const start = begun.length === part.length ? begun : `${mask}${begun}`;
      const left = index === parts.length - 1 ? 0 : beginningOfSecret(start, secrets);
      return left === 0 ? start : `${start.slice(0, -left)}${mask}`;
    })
    .join(CUT);
}

/** The length of the longest beginning of a secret that a text ends with. */
function beginningOfSecret(text: string, secrets: ReadonlySet<string>): number {
  const end = text.slice(Math.max(text.lastIndexOf('\n') + 1, text.length - BESIDE_CUT));
  let longest = 0;
  for (const secret of secrets) {
    const first = secret.slice(0, MIN_SECRET_LENGTH);
    for (let at = end.indexOf(first); at >= 0; at = end.indexOf(first, at + 1))
      if (secret.startsWith(end.slice(at))) longest = Math.max(longest, end.length - at);
  }
  return longest;
}

/** The length of the longest end of a secret that a text begins with. */
function restOfSecret(text: string, secrets: ReadonlySet<string>): number {
  const [line = ''] = text.slice(0, BESIDE_CUT).split('\n');
  let longest = 0;
  for (const secret of secrets) {
    const last = secret.slice(-MIN_SECRET_LENGTH);
    for (let at = line.indexOf(last); at >= 0; at = line.indexOf(last, at + 1)) {
      const length = at + last.length;
      if (secret.endsWith(line.slice(0, length))) longest = Math.max(longest, length);
    }
  }
  return longest;
}
