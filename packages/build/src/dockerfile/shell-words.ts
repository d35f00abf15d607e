import { quote } from '@slipway/core';
import { trimPattern } from './shell-patterns.ts';
import { isSpace, UnreadableDockerfile } from './unreadable.ts';

/** The part of a text that only the builder knows. Unicode never assigns it; a Dockerfile that contains it is not known either. */
export const BUILDER_VALUE = '\uffff';

export interface WordOptions {
  /** The character that escapes others: `\`, or a backtick if the Dockerfile says so. */
  readonly escapeChar: string;
  /** The value of a variable; undefined if it is not set. Without this function, variables stay as they are. */
  readonly lookUp?: (name: string) => string | undefined;
  readonly keepQuotes?: boolean;
  readonly keepEscapes?: boolean;
}

export interface Expanded {
  readonly text: string;
  /** The text split at spaces outside of quotes. */
  readonly words: readonly string[];
}

/** Nested substitutions that are followed; more are not written by hand, and each takes space on the stack. */
const DEPTH = 50;

/** Characters that the values of variables may add to a text. */
const GROWTH = 10_000;

/**
 * Removes quotes and escapes, and puts in the values of variables, as BuildKit's package frontend/dockerfile/shell does.
 * @throws UnreadableDockerfile for a text that BuildKit refuses
 */
export function expandWords(text: string, options: WordOptions): Expanded {
  return new Lexer(text.replace(/^\ufeff/, ''), options).until(undefined, options.keepEscapes ?? false);
}

/** The text with quotes and escapes removed and variables replaced. @throws UnreadableDockerfile */
export function expandWord(
  text: string,
  escapeChar: string,
  lookUp: (name: string) => string | undefined,
): string {
  return expandWords(text, { escapeChar, lookUp }).text;
}

class Lexer {
  readonly #chars: readonly string[];
  readonly #options: WordOptions;
  #at = 0;
  #depth = 0;
  #keepEscapes = false;
  /** The word that is being read. A substitution in it drops what is before, since BuildKit does so. */
  #word = '';

  constructor(text: string, options: WordOptions) {
    this.#chars = [...text];
    this.#options = options;
  }

  /** Reads until the character, which is not part of the result, or to the end. */
  until(stop: string | undefined, keepEscapes: boolean): Expanded {
    const before = this.#keepEscapes;
    this.#keepEscapes = keepEscapes;
    this.#word = '';
    const words: string[] = [];
    let text = '';
    while (this.#peek() !== undefined) {
      if (this.#peek() === stop) {
        this.#next();
        this.#keepEscapes = before;
        return { text, words: this.#closed(words) };
      }
      text += this.#part(words);
      if (text.length > this.#chars.length + GROWTH) throw new UnreadableDockerfile('a text is too long');
    }
    if (stop !== undefined) throw new UnreadableDockerfile(`a ${stop} is missing`);
    return { text, words: this.#closed(words) };
  }

  #closed(words: string[]): string[] {
    if (this.#word !== '') words.push(this.#word);
    this.#word = '';
    return words;
  }

  #part(words: string[]): string {
    switch (this.#peek()) {
      case '$': {
        const value = this.#variable();
        for (const char of value) this.#add(char, words);
        return value;
      }
      case '<':
        return this.#addRaw(this.#documentMark());
      case "'":
        return this.#addRaw(this.#singleQuoted());
      case '"':
        return this.#addRaw(this.#doubleQuoted());
      default:
        return this.#plain(words);
    }
  }

  #plain(words: string[]): string {
    const char = this.#next() ?? '';
    if (char !== this.#options.escapeChar) {
      this.#add(char, words);
      return char;
    }
    const kept = this.#keepEscapes ? char : '';
    return this.#addRaw(kept + (this.#next() ?? ''));
  }

  #add(char: string, words: string[]): void {
    if (!isSpace(char)) this.#word += char;
    else if (this.#word !== '') this.#closed(words);
  }

  #addRaw(text: string): string {
    this.#word += text;
    return text;
  }

  /** `<<` stays together with the spaces behind it, so that the mark of a here-document is in the same word. */
  #documentMark(): string {
    this.#next();
    if (this.#peek() !== '<') return '<';
    this.#next();
    let spaces = '';
    while (/^[\t\r ]$/.test(this.#peek() ?? '')) spaces += this.#next();
    return `<<${spaces}`;
  }

  #singleQuoted(): string {
    this.#next();
    const end = this.#chars.indexOf("'", this.#at);
    if (end === -1) throw new UnreadableDockerfile('a single quote is missing');
    const text = this.#chars.slice(this.#at, end).join('');
    this.#at = end + 1;
    return this.#quoted(text, "'");
  }

  #doubleQuoted(): string {
    this.#next();
    let text = '';
    for (;;) {
      const char = this.#peek();
      if (char === undefined) throw new UnreadableDockerfile('a double quote is missing');
      if (char === '$') text += this.#variable();
      else if (this.#next() === '"') return this.#quoted(text, '"');
      else text += char === this.#options.escapeChar ? this.#escapedInQuotes(char) : char;
    }
  }

  #quoted(text: string, quote: string): string {
    return this.#options.keepQuotes === true ? `${quote}${text}${quote}` : text;
  }

  #escapedInQuotes(escapeChar: string): string {
    const kept = this.#keepEscapes ? escapeChar : '';
    const char = this.#peek();
    if (char === undefined) return kept;
    return kept + (char === '"' || char === '$' || char === escapeChar ? this.#next() : escapeChar);
  }

  #variable(): string {
    this.#next();
    if (this.#peek() !== '{') {
      const name = this.#name();
      return name === '' ? '$' : this.#valueOr(name, `$${name}`);
    }
    this.#next();
    if (/^[{}:]$/.test(this.#peek() ?? '{')) throw new UnreadableDockerfile('a wrong substitution');
    this.#depth += 1;
    if (this.#depth > DEPTH) throw new UnreadableDockerfile('substitutions nested too deeply');
    const value = this.#substitution(this.#name());
    this.#depth -= 1;
    return value;
  }

  #valueOr(name: string, source: string): string {
    const { lookUp } = this.#options;
    return lookUp === undefined ? source : (lookUp(name) ?? '');
  }

  #substitution(name: string): string {
    const first = this.#next() ?? '';
    if (first === '}') return this.#valueOr(name, `\${${name}}`);
    if (first === '/') return this.#replacement(name);
    const isEmptyUnset = first === ':';
    const operator = isEmptyUnset ? (this.#next() ?? '') : first;
    const isPattern = operator === '#' || operator === '%';
    if ((isEmptyUnset && isPattern) || !(isPattern || /^[-+?]$/.test(operator)))
      throw new UnreadableDockerfile(`the modifier ${quote(operator)} of a substitution is not known`);
    const word = this.until('}', isPattern).text;
    const { lookUp } = this.#options;
    if (lookUp === undefined) return `\${${name}${isEmptyUnset ? ':' : ''}${operator}${word}}`;
    const value = lookUp(name);
    if (isPattern) return trimmed(value ?? '', operator, word);
    return substituted(value, operator, word, isEmptyUnset);
  }

  /** What a replacement results in is left to the builder, as its pattern may be costly. */
  #replacement(name: string): string {
    const isEach = this.#peek() === '/';
    if (isEach) this.#next();
    const pattern = this.until('/', true).text;
    const replacement = this.until('}', true).text;
    const source = `\${${name}/${pattern}/${replacement}}`;
    return this.#options.lookUp === undefined ? source : BUILDER_VALUE;
  }

  #name(): string {
    const first = this.#peek() ?? '';
    if (/^\p{Nd}$/u.test(first)) return this.#while(/^\p{Nd}$/u);
    if (/^[@*#?\-$!]$/.test(first)) return this.#next() ?? '';
    return this.#while(/^[\p{L}\p{Nd}_]$/u);
  }

  #while(pattern: RegExp): string {
    let text = '';
    while (pattern.test(this.#peek() ?? '')) text += this.#next();
    return text;
  }

  #peek(): string | undefined {
    return this.#chars[this.#at];
  }

  #next(): string | undefined {
    const char = this.#chars[this.#at];
    this.#at += 1;
    return char;
  }
}

function substituted(
  value: string | undefined,
  operator: string,
  word: string,
  isEmptyUnset: boolean,
): string {
  // It may be empty.
  if (value === BUILDER_VALUE && isEmptyUnset) return BUILDER_VALUE;
  const isSet = value !== undefined && !(isEmptyUnset && value === '');
  if (operator === '+') return isSet ? word : '';
  if (isSet) return value;
  if (operator === '-') return word;
  throw new UnreadableDockerfile('a variable that has to be set is not');
}

function trimmed(value: string, operator: string, pattern: string): string {
  if (value.includes(BUILDER_VALUE) || pattern.includes(BUILDER_VALUE)) return BUILDER_VALUE;
  const isLongest = pattern.startsWith(operator);
  const side = operator === '#' ? 'start' : 'end';
  return trimPattern(value, isLongest ? pattern.slice(1) : pattern, { side, isLongest }) ?? BUILDER_VALUE;
}
