import type { JsonObject, JsonValue } from '@slipway/core';
import { documentRange } from './document-range.ts';
import type { Span, YamlEntry, YamlScalar } from './node.ts';
import type { ScalarValue } from './scalar.ts';
import { formatFlow, formatScalar, isEmptyOrScalar, quoted, stringifyBlock } from './stringify.ts';

/** A part of the source, and the text that replaces it. */
interface Edit extends Span {
  readonly text: string;
}

/**
 * A document's own text with values put into it. A value replaces one token, or is written on lines of its own; texts are quoted or
 * written as blocks wherever a plain scalar would be read differently. Only for a document that is regular.
 */
export class Splice {
  readonly #source: string;
  readonly #range: Span;
  readonly #edits: Edit[] = [];

  /** @param root of the document */
  constructor(source: string, root: Span) {
    this.#source = source;
    this.#range = documentRange(source, root);
  }

  /** Writes another value for a scalar. @param parent the key that it belongs to, or the item itself */
  scalar(node: YamlScalar, value: ScalarValue, parent: Span): void {
    if (node.inFlow) {
      this.#replace(node, typeof value === 'string' ? quoted(value) : String(value));
      return;
    }
    const isQuoted = node.style === 'single-quoted' || node.style === 'double-quoted';
    const formatted = formatScalar(value, this.#indentOf(parent));
    const isOneLine = !formatted.includes('\n');
    const text = isQuoted && isOneLine && typeof value === 'string' ? quoted(value) : formatted;
    if (node.style === 'literal' || node.style === 'folded') this.#replaceBlock(node, text);
    else this.#replaceToken(node, text);
  }

  /** Writes a list or map for the scalar that is a key's value. */
  collectionOfKey(node: YamlScalar, value: JsonValue, key: Span): void {
    if (isEmptyOrScalar(value)) {
      this.#replaceToken(node, formatFlow(value));
      return;
    }
    const colon = this.#source.indexOf(':', key.end) + 1;
    this.#edits.push({ start: colon, end: node.end, text: '' });
    this.#addLines(node.end, stringifyBlock(value, `${this.#indentOf(key)}  `));
  }

  /** Writes a list or map for the scalar that is an item of a list. */
  collectionOfItem(node: YamlScalar, value: JsonValue): void {
    const text = isEmptyOrScalar(value)
      ? formatFlow(value)
      : stringifyBlock(value, this.#indentOf(node)).trimStart();
    this.#replaceToken(node, text);
  }

  /** Adds entries after another one. */
  addEntriesAfter(entry: YamlEntry, inFlow: boolean, added: JsonObject): void {
    const { end } = entry.value;
    if (!inFlow) this.#addLines(end, stringifyBlock(added, this.#indentOf(entry.key)));
    else this.#edits.push({ start: end, end, text: `, ${formatFlow(added).slice(1, -1)}` });
  }

  /** The text of the document, which ends with one line feed. */
  toString(): string {
    const { start, end } = this.#range;
    const edits = this.#edits.sort((a, b) => a.start - b.start);
    let text = '';
    let position = start;
    for (const edit of edits) {
      text += this.#source.slice(position, edit.start) + edit.text;
      position = edit.end;
    }
    text += this.#source.slice(position, end);
    return `${text.replace(/^\n+/, '').replace(/\n+$/, '')}\n`;
  }

  #replace({ start, end }: Span, text: string): void {
    this.#edits.push({ start, end, text });
  }

  /** Further lines go below the line, which a comment may end. */
  #replaceToken(node: Span, text: string): void {
    const lineEnd = text.indexOf('\n');
    this.#replace(node, lineEnd < 0 ? text : text.slice(0, lineEnd));
    if (lineEnd >= 0) this.#addLines(node.end, text.slice(lineEnd + 1));
  }

  /** A comment after the `|` stays at the end of the first line. */
  #replaceBlock(node: YamlScalar, text: string): void {
    const written = this.#source.slice(node.start, node.end);
    const comment = /^[|>]-?( +#.*)?/.exec(written)?.[1] ?? '';
    const [first, ...lines] = text.split('\n');
    const end = written.endsWith('\n') ? '\n' : '';
    this.#replace(node, [`${first}${comment}`, ...lines].join('\n') + end);
  }

  /** Adds lines after the line that `offset` is on, or at the offset if a block ends there. */
  #addLines(offset: number, lines: string): void {
    if (this.#source[offset - 1] === '\n') {
      this.#edits.push({ start: offset, end: offset, text: `${lines}\n` });
      return;
    }
    const lineEnd = this.#source.indexOf('\n', offset);
    const at = lineEnd < 0 ? this.#source.length : lineEnd;
    this.#edits.push({ start: at, end: at, text: `\n${lines}` });
  }

  /** As many spaces as there are before the beginning of a span on its line. */
  #indentOf({ start }: Span): string {
    return ' '.repeat(start - (start === 0 ? 0 : this.#source.lastIndexOf('\n', start - 1) + 1));
  }
}
