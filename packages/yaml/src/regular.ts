import type { YamlScalar } from './node.ts';

/*
 * The part of YAML that js-yaml and Kubernetes' parser read alike beyond doubt. A document that keeps to it may be passed on as it
 * was written; any other is written again. Being too strict here costs a little time and the layout, nothing else.
 */

/** Line feeds and printable characters; no tabs, which parsers treat differently, and no byte order mark within the text. */
const STRANGE_CHARACTER = /[^\n\x20-\x7e\xa0-\u2027\u202a-\ufefe\uff00-\ufffd]/;
/** Directives, ends of documents, and content or a comment on the line that begins one. */
const STRANGE_LINE = /^(?:%|\.\.\.|---[^\n])/m;
/** `? key`: the key may be of any kind and on any line. */
const EXPLICIT_KEY = /(?:^|[\s-])\?\s/;

/** Whether a file as a whole keeps to it. */
export function isRegularText(source: string): boolean {
  return !STRANGE_CHARACTER.test(source) && !STRANGE_LINE.test(source) && !EXPLICIT_KEY.test(source);
}

const PLAIN_IN_BLOCK = /^(?:[A-Za-z0-9_./$~+(^;\\]|-[A-Za-z0-9.])/;
const PLAIN_IN_FLOW = /^[A-Za-z0-9_./$-][A-Za-z0-9_./@=+ -]*$/;

export function isRegularScalar(source: string, scalar: YamlScalar): boolean {
  switch (scalar.style) {
    case 'plain':
      return isRegularPlain(scalar);
    case 'single-quoted':
      return isOneLine(source, scalar);
    case 'double-quoted':
      // Kubernetes' parser refuses surrogates, which JSON writes in pairs.
      return isOneLine(source, scalar) && !/\\[uUx]/.test(source.slice(scalar.start, scalar.end));
    default:
      return isRegularBlock(source.slice(scalar.start, scalar.end), scalar);
  }
}

/** A text over several lines is longer in the source than its value. */
function isRegularPlain({ start, end, text, inFlow }: YamlScalar): boolean {
  if (end - start !== text.length) return false;
  if (inFlow) return PLAIN_IN_FLOW.test(text);
  return text === '' || PLAIN_IN_BLOCK.test(text);
}

function isOneLine(source: string, { start, end }: YamlScalar): boolean {
  const lineEnd = source.indexOf('\n', start);
  return lineEnd < 0 || lineEnd >= end;
}

/** A block without `+`, an indentation indicator, blank lines before the text, lines of white space in it, or an unterminated last line. */
function isRegularBlock(written: string, { style, text }: YamlScalar): boolean {
  const header = /^[|>](-?)(?: +#.*| *)\n(?!\n| *\n)/.exec(written);
  if (header === null || / +\n *\n|\n +\n|\n +$/.test(written)) return false;
  if (header[1] === '' && !written.endsWith('\n')) return false;
  return style === 'literal' ? !text.startsWith(' ') : !/^ |\n /.test(text);
}
