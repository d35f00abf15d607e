import { endOf } from './end-of.ts';

type Expected =
  | 'statement'
  | 'end of line'
  | 'equals'
  | 'value'
  | 'value or end'
  | 'key or end'
  | 'comma or end';

const PART = `(?:[A-Za-z0-9_-]+|"(?:[^"\\\\\\n]|\\\\.)*"|'[^'\\n]*')`;
/** With an end to its parts, as each one needs some of the engine's stack. */
const NAME = `[ \\t]*${PART}(?:[ \\t]*\\.[ \\t]*${PART}){0,99}[ \\t]*`;
const KEY = new RegExp(NAME, 'y');
const HEADER = new RegExp(`\\[\\[${NAME}\\]\\]|\\[${NAME}\\]`, 'y');
const IN_LINE = /[ \t]*/y;
const OVER_LINES = /(?:[ \t\r\n]|#[^\n]*)*/y;
const LINE_END = /(?:#[^\n]*|\r)?(?:\n|$)/y;
const TEXT =
  /"""(?:[^"\\]|\\[\s\S]|"{1,2}(?!"))*"{3,5}|'''(?:[^']|'{1,2}(?!'))*'{3,5}|"(?!"")(?:[^"\\\n]|\\.)*"|'(?!'')[^'\n]*'/y;
/** Numbers and dates are told from words by their first digit only. */
const SCALAR =
  /(?:true|false|[+-]?(?:inf|nan)|[+-]?\d[\w.+:-]*(?: \d\d:[\d:.]+(?:[Zz]|[+-]\d\d:\d\d)?)?)(?![\w.+:-])/y;

/**
 * The offset at which a text stops having the form of TOML, its length where it only ends too early; undefined if it has that form.
 * Names that are there twice are not seen, and lines within `{}` are taken as TOML 1.1 has them. https://toml.io/en/v1.0.0
 */
export function tomlFault(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = 'statement';
  let at = 0;
  for (;;) {
    at = endOf(expected === 'statement' || open.length > 0 ? OVER_LINES : IN_LINE, text, at) ?? at;
    if (at >= text.length)
      return expected === 'statement' || expected === 'end of line' ? undefined : text.length;
    const next = after(text, at, expected, open);
    if (next === undefined) return at;
    ({ at, expected } = next);
  }
}

interface Next {
  readonly at: number;
  readonly expected: Expected;
}

/** What follows a token; undefined where it is not one that may be there. @param open the brackets around it, which it changes */
function after(text: string, at: number, expected: Expected, open: string[]): Next | undefined {
  const token = text[at] ?? '';
  if (expected === 'statement')
    return next(endOf(HEADER, text, at), 'end of line') ?? next(endOf(KEY, text, at), 'equals');
  if (expected === 'end of line') return next(endOf(LINE_END, text, at), 'statement');
  if (expected === 'equals') return token === '=' ? { at: at + 1, expected: 'value' } : undefined;
  if (expected.endsWith('or end') && token === (open.at(-1) === '{' ? '}' : ']')) {
    open.pop();
    return { at: at + 1, expected: afterValue(open) };
  }
  if (expected === 'comma or end')
    return token === ',' ? { at: at + 1, expected: first(open.at(-1)) } : undefined;
  if (expected === 'key or end') return next(endOf(KEY, text, at), 'equals');
  if (token === '{' || token === '[') {
    open.push(token);
    return { at: at + 1, expected: first(token) };
  }
  return next(endOf(TEXT, text, at) ?? endOf(SCALAR, text, at), afterValue(open));
}

function next(at: number | undefined, expected: Expected): Next | undefined {
  return at === undefined ? undefined : { at, expected };
}

function first(bracket: string | undefined): Expected {
  return bracket === '{' ? 'key or end' : 'value or end';
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'end of line' : 'comma or end';
}
