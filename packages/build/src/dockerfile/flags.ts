import { quote } from '@slipway/core';
import { isSpace, trim, UnreadableDockerfile } from './unreadable.ts';

/** An instruction before its arguments are looked at. */
export interface SplitLine {
  /** In lower case. */
  readonly name: string;
  /** `--name=value`, without quotes and escapes. */
  readonly flags: readonly string[];
  readonly rest: string;
}

/** Splits a joined line as BuildKit's parser does. @throws UnreadableDockerfile */
export function splitLine(line: string, escapeChar: string): SplitLine {
  const [, name = '', behind = ''] = /^([^\t\v\f\r ]*)[\t\v\f\r ]*([\s\S]*)$/.exec(trim(line)) ?? [];
  const { flags, rest } = splitFlags(behind, escapeChar);
  return { name: name.toLowerCase(), flags, rest: trim(rest) };
}

function splitFlags(text: string, escapeChar: string): Pick<SplitLine, 'flags' | 'rest'> {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (/^[\t-\r ]$/.test(text.charAt(at))) at += 1;
    if (!text.startsWith('--', at)) return { flags, rest: text.slice(at) };
    const { flag, end } = readFlag(text, at, escapeChar);
    at = end;
    if (flag === '--') return { flags, rest: text.slice(at) };
    flags.push(flag);
  }
}

function readFlag(text: string, start: number, escapeChar: string): { flag: string; end: number } {
  let flag = '';
  let quote = '';
  let at = start;
  for (; at < text.length; at++) {
    let char = asciiAt(text, at);
    if (quote === '' && isSpace(char)) break;
    const isQuote = quote === '' ? char === '"' || char === "'" : char === quote;
    if (isQuote) {
      quote = quote === '' ? char : '';
      continue;
    }
    if (char === escapeChar) {
      at += 1;
      char = asciiAt(text, at);
    }
    flag += char;
  }
  return { flag, end: at };
}

/** BuildKit reads flags by bytes, and ends them within some characters. */
function asciiAt(text: string, at: number): string {
  const char = text.charAt(at);
  if (char > '\x7f') throw new UnreadableDockerfile('a flag has a character outside of ASCII');
  return char;
}

/** How often a flag may be given, and whether it has a value. */
export type FlagKind = 'string' | 'strings' | 'boolean';

/**
 * The values of flags by name; those that were not given are missing.
 * @throws UnreadableDockerfile for flags that the instruction does not have
 */
export function parseFlags(
  flags: readonly string[],
  kinds: Readonly<Record<string, FlagKind>>,
): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>();
  for (const flag of flags) {
    const [, name = '', equals, value = ''] = /^--([^=]*)(=?)([\s\S]*)$/.exec(flag) ?? [];
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    const given = values.get(name);
    if (kind === undefined) throw new UnreadableDockerfile(`the flag ${quote(name)} is not known`);
    if (given !== undefined && kind !== 'strings')
      throw new UnreadableDockerfile(`the flag ${quote(name)} is given twice`);
    if (!hasValidValue(kind, equals === '=', value))
      throw new UnreadableDockerfile(`the flag ${quote(name)} has a wrong value`);
    values.set(name, [...(given ?? []), value]);
  }
  return values;
}

function hasValidValue(kind: FlagKind, hasValue: boolean, value: string): boolean {
  if (kind !== 'boolean') return hasValue;
  return hasValue ? /^(?:true|false)$/i.test(value) : true;
}
