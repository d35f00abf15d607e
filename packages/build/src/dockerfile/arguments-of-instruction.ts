import { isSpace, trimStart, UnreadableDockerfile } from './unreadable.ts';

export interface ParsedArguments {
  readonly args: readonly string[];
  readonly isJson: boolean;
}

type Form = (rest: string, escapeChar: string) => ParsedArguments;

const FORMS: Readonly<Record<string, Form>> = {
  add: rest => jsonOf(rest) ?? spaced(rest),
  arg: (rest, escapeChar) => plain(quotedWords(rest, escapeChar)),
  cmd: jsonOrText,
  copy: rest => jsonOf(rest) ?? spaced(rest),
  entrypoint: jsonOrText,
  env: named,
  expose: spaced,
  from: spaced,
  healthcheck,
  label: named,
  maintainer: text,
  run: jsonOrText,
  shell: jsonOrText,
  stopsignal: text,
  user: text,
  volume: rest => jsonOf(rest) ?? spaced(rest),
  workdir: text,
};

/** Whether the word is an instruction other than ONBUILD, whose arguments are another instruction. */
export function hasArguments(name: string): boolean {
  return Object.hasOwn(FORMS, name);
}

/**
 * The arguments of an instruction, in the form that it has for them.
 * @param name in lower case
 * @throws UnreadableDockerfile
 */
export function parseArguments(name: string, rest: string, escapeChar: string): ParsedArguments {
  const form = hasArguments(name) ? FORMS[name] : undefined;
  return form?.(rest, escapeChar) ?? plain([]);
}

function plain(args: readonly string[]): ParsedArguments {
  return { args, isJson: false };
}

function text(rest: string): ParsedArguments {
  return plain(rest === '' ? [] : [rest]);
}

function spaced(rest: string): ParsedArguments {
  return plain(rest === '' ? [] : rest.split(/[\t\v\f\r ]+/));
}

function jsonOrText(rest: string): ParsedArguments {
  return jsonOf(rest) ?? text(rest);
}

/** Undefined for a text that is not a list in JSON. @throws UnreadableDockerfile for a list of other values than strings */
function jsonOf(rest: string): ParsedArguments | undefined {
  if (!trimStart(rest).startsWith('[')) return undefined;
  let args: unknown[];
  try {
    args = JSON.parse(trimStart(rest)) as unknown[];
  } catch {
    return undefined;
  }
  if (args.every(value => typeof value === 'string')) return { args, isJson: true };
  throw new UnreadableDockerfile('a list in JSON contains other values than strings');
}

/** The type of a check, and its command. */
function healthcheck(rest: string): ParsedArguments {
  const [, type = '', command = ''] = /^([^\t-\r ]*)[\t-\r ]*([\s\S]*)$/.exec(rest) ?? [];
  if (type === '') return plain([]);
  const { args, isJson } = jsonOrText(command);
  return { args: [type, ...args], isJson };
}

/** The names of `NAME=value …` or of `NAME value`. */
function named(rest: string, escapeChar: string): ParsedArguments {
  const words = quotedWords(rest, escapeChar);
  if (words[0] === undefined) return plain([]);
  if (!words[0].includes('=')) {
    const [name = '', value] = rest.split(/[\t\v\f\r ]+/, 2);
    if (value === undefined) throw new UnreadableDockerfile('a name has no value');
    return plain([name]);
  }
  if (!words.every(word => word.includes('='))) throw new UnreadableDockerfile('a name has no value');
  return plain(words.map(word => word.replace(/=[\s\S]*$/, '')));
}

/** Words with their quotes and escapes; spaces within quotes do not end them. */
function quotedWords(rest: string, escapeChar: string): string[] {
  const words: string[] = [];
  for (let at = 0; at < rest.length; ) {
    const end = endOfWord(rest, at, escapeChar);
    // An escape character at the end does not count.
    const word = end.isEscape ? rest.slice(at, -1) : rest.slice(at, end.at);
    if (word !== '') words.push(word);
    at = end.at + 1;
  }
  return words;
}

function endOfWord(rest: string, start: number, escapeChar: string): { at: number; isEscape: boolean } {
  let quote = '';
  let at = start;
  for (; at < rest.length; at++) {
    const char = rest.charAt(at);
    if (char === escapeChar && quote !== "'") {
      at += 1;
      if (at === rest.length) return { at, isEscape: true };
    } else if (quote === '') {
      if (isSpace(char)) break;
      if (char === '"' || char === "'") quote = char;
    } else if (char === quote) quote = '';
  }
  return { at, isEscape: false };
}
