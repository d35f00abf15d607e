import { formatPointer, isJsonObject, type JsonValue } from '@slipway/core';
import { isScalar, readsAsText, type ScalarValue } from './scalar.ts';

const INDENT = '  ';

/** Comments of a part of a value, each from its `#` on. */
export interface ValueComments {
  readonly above?: readonly string[];
  readonly beside?: string;
  /** Only for the value as a whole. */
  readonly below?: readonly string[];
}

/** Comments by the RFC 6901 pointer of the part that they belong to. */
export type CommentsByPointer = ReadonlyMap<string, ValueComments>;

/**
 * Block-style YAML that Kubernetes' parser reads back exactly, with keys in the order given. Equal values and comments result in
 * equal bytes: nothing depends on line width or on what was written before.
 */
export function stringifyYaml(value: JsonValue, comments?: CommentsByPointer): string {
  if (isEmptyOrScalar(value)) return `${inline(value, '')}\n`;
  const lines = new Writer(comments).block(value, '', '');
  return `${[...lines, ...(comments?.get('')?.below ?? [])].join('\n')}\n`;
}

/** The lines of a list or map that is not empty, each indented, without a line feed at the end. */
export function stringifyBlock(value: JsonValue, indent: string): string {
  return new Writer(undefined).block(value, indent, '').join('\n');
}

/** YAML parsers give up looking for the colon of a plain `key:` after 1024 characters. */
const MAX_IMPLICIT_KEY = 1000;

class Writer {
  readonly #comments: CommentsByPointer | undefined;

  constructor(comments: CommentsByPointer | undefined) {
    this.#comments = comments;
  }

  block(value: JsonValue, indent: string, pointer: string): string[] {
    if (Array.isArray(value))
      return value.flatMap((item, index) => this.#listItem(item, indent, this.#below(pointer, index)));
    return Object.entries(value as object).flatMap(([key, item]) =>
      this.#mapEntry(key, item, indent, this.#below(pointer, key)),
    );
  }

  #below(pointer: string, step: string | number): string {
    return this.#comments === undefined ? '' : pointer + formatPointer([step]);
  }

  #mapEntry(key: string, value: JsonValue, indent: string, pointer: string): string[] {
    const name = formatText(key);
    const head = name.length > MAX_IMPLICIT_KEY ? `${indent}? ${name}\n${indent}:` : `${indent}${name}:`;
    if (isEmptyOrScalar(value)) return this.#commented(`${head} ${inline(value, indent)}`, indent, pointer);
    return [...this.#commented(head, indent, pointer), ...this.block(value, indent + INDENT, pointer)];
  }

  /** Comments above the first line of an item go above its dash. */
  #listItem(value: JsonValue, indent: string, pointer: string): string[] {
    if (isEmptyOrScalar(value))
      return this.#commented(`${indent}- ${inline(value, indent)}`, indent, pointer);
    const lines = this.block(value, indent + INDENT, pointer);
    const first = lines.findIndex(line => !line.trimStart().startsWith('#'));
    const own = this.#comments?.get(pointer);
    const comments = [
      ...(own?.above ?? []),
      ...(own?.beside === undefined ? [] : [own.beside]),
      ...lines.slice(0, first),
    ];
    return [
      ...comments.map(line => indent + line.trimStart()),
      `${indent}- ${(lines[first] ?? '').trimStart()}`,
      ...lines.slice(first + 1),
    ];
  }

  #commented(line: string, indent: string, pointer: string): string[] {
    const comments = this.#comments?.get(pointer);
    if (comments === undefined) return [line];
    const above = (comments.above ?? []).map(comment => indent + comment);
    if (comments.beside === undefined) return [...above, line];
    // The comment of a block goes after the `|`.
    const [first = '', ...block] = line.split('\n');
    return [...above, [`${first} ${comments.beside}`, ...block].join('\n')];
  }
}

export function isEmptyOrScalar(value: JsonValue): boolean {
  if (isScalar(value)) return true;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}

function inline(value: JsonValue, indent: string): string {
  if (Array.isArray(value)) return '[]';
  if (isJsonObject(value)) return '{}';
  return formatScalar(value as ScalarValue, indent);
}

/** @param indent the indentation of the line that the scalar begins on; its block, if it gets one, goes deeper */
export function formatScalar(value: ScalarValue, indent: string): string {
  if (typeof value !== 'string') return String(value);
  return isBlockText(value) ? literal(value, indent + INDENT) : formatText(value);
}

const blockText =
  /^(?!\s)[\t\n\x20-\x7e\u{a0}-\u{2027}\u{202a}-\u{d7ff}\u{e000}-\u{fefe}\u{ff00}-\u{fffd}\u{10000}-\u{10ffff}]*$/u;

/**
 * A literal block keeps scripts and configuration files readable. A text that it can't represent exactly is quoted: one with white
 * space at the start (which would be read as indentation), lines of white space at the end, or characters that YAML folds or forbids.
 */
function isBlockText(text: string): boolean {
  return text.includes('\n') && blockText.test(text) && !/\n[ \t]*\n$|\n[ \t]+$/.test(text);
}

function literal(text: string, indent: string): string {
  const header = text.endsWith('\n') ? '|' : '|-';
  const lines = text.replace(/\n$/, '').split('\n');
  return [header, ...lines.map(line => (line === '' ? '' : indent + line))].join('\n');
}

/** Texts that every YAML parser reads as text; all others are quoted, which is always right. */
const safePlain =
  /^[A-Za-z0-9_/$][A-Za-z0-9_/.@+=$,()%^;!*?<>~|{}[\]-]*(?::[A-Za-z0-9_/.@+=$-]+)*(?: [A-Za-z0-9_/.@+=$()-]+)*$/;

function formatText(text: string): string {
  return safePlain.test(text) && readsAsText(text) && !looksTyped(text) ? text : quoted(text);
}

/** Other parsers read base-60 numbers and dates as something other than text. */
function looksTyped(text: string): boolean {
  return /^[-+]?[0-9][0-9_]*(?::[0-9.]+)+$|^[0-9]{4}-[0-9]/.test(text);
}

/** A value on one line, written as JSON except for what YAML does not allow in it. */
export function formatFlow(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(formatFlow).join(', ')}]`;
  if (isJsonObject(value)) {
    const entries = Object.entries(value).map(([key, item]) => `${quoted(key)}: ${formatFlow(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** YAML has all of JSON's escapes; characters that only YAML forbids are escaped as well. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
