import { endOf } from './end-of.ts';

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/y;
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;

/**
 * The offset at which a text stops being JSON, its length where it only ends too early; undefined if it is JSON. The engine's own error
 * has no position for most faults. https://www.rfc-editor.org/rfc/rfc8259
 */
export function jsonFault(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = endOf(SPACE, text, 0) ?? 0;
  while (at < text.length) {
    const next = after(text, at, expected, open);
    if (next === undefined) return at;
    expected = next.expected;
    at = endOf(SPACE, text, next.at) ?? next.at;
  }
  return expected === 'nothing' ? undefined : text.length;
}

interface Next {
  readonly at: number;
  readonly expected: Expected;
}

/** What follows a token; undefined where it is not one that may be there. @param open the brackets around it, which it changes */
function after(text: string, at: number, expected: Expected, open: string[]): Next | undefined {
  const token = text[at] ?? '';
  if (expected === 'colon') return token === ':' ? { at: at + 1, expected: 'value' } : undefined;
  if (expected === 'comma or end' && token === ',')
    return { at: at + 1, expected: open.at(-1) === '{' ? 'key' : 'value' };
  if (expected.endsWith('or end') && token === (open.at(-1) === '{' ? '}' : ']')) {
    open.pop();
    return { at: at + 1, expected: afterValue(open) };
  }
  if (expected.startsWith('key')) {
    const end = endOf(STRING, text, at);
    return end === undefined ? undefined : { at: end, expected: 'colon' };
  }
  return expected.startsWith('value') ? afterStart(text, at, open) : undefined;
}

function afterStart(text: string, at: number, open: string[]): Next | undefined {
  const token = text[at] ?? '';
  if (token === '{' || token === '[') {
    open.push(token);
    return { at: at + 1, expected: token === '{' ? 'key or end' : 'value or end' };
  }
  const end = endOf(STRING, text, at) ?? endOf(SCALAR, text, at);
  return end === undefined ? undefined : { at: end, expected: afterValue(open) };
}

function afterValue(open: readonly string[]): Expected {
  return open.length === 0 ? 'nothing' : 'comma or end';
}
