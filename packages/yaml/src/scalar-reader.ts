import { quote } from '@slipway/core';
import {
  type DocumentEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  SCALAR_STYLE,
  type ScalarEvent,
} from 'js-yaml';
import type { YamlErrorCode } from './error-codes.ts';
import type { Span, YamlScalar } from './node.ts';
import { type ResolvedScalar, resolve, resolveTagged } from './scalar.ts';

const styles = {
  [SCALAR_STYLE.PLAIN]: 'plain',
  [SCALAR_STYLE.SINGLE_QUOTED]: 'single-quoted',
  [SCALAR_STYLE.DOUBLE_QUOTED]: 'double-quoted',
  [SCALAR_STYLE.LITERAL_BLOCK]: 'literal',
  [SCALAR_STYLE.FOLDED_BLOCK]: 'folded',
} as const;

type Report = (code: YamlErrorCode, span: Span, message: string, remedy: string) => void;

/** Reads the scalars of one document: text, value and offsets. */
export class ScalarReader {
  readonly #source: string;
  readonly #report: Report;
  readonly #tagPrefixes: Map<string, string>;

  constructor(source: string, directives: DocumentEvent['directives'], report: Report) {
    this.#source = source;
    this.#report = report;
    this.#tagPrefixes = new Map([
      ['!', '!'],
      ['!!', 'tag:yaml.org,2002:'],
    ]);
    for (const directive of directives)
      if (directive.kind === 'tag') this.#tagPrefixes.set(directive.handle, directive.prefix);
  }

  /** @param where `at` is the offset of an empty scalar, which has none of its own */
  read(
    event: ScalarEvent,
    where: { readonly inFlow: boolean; readonly at: number; readonly isKey: boolean },
  ): YamlScalar {
    const style = styles[event.style];
    const span = this.#span(event, where.at);
    const text = getScalarValue(this.#source, event);
    const isTagged = event.tagStart >= 0;
    const { value, isFloat } = this.#resolved(event, span, text);
    const { start, end } = span;
    if (!where.isKey) this.checkValue({ text, value, start, end });
    // Field by field, since a rendering makes more of these than of anything else.
    return { kind: 'scalar', style, inFlow: where.inFlow, isTagged, isFloat, text, value, start, end };
  }

  /** `<<` merges only as a plain key, or with a tag that says so. */
  isMergeKey(event: Event | undefined): boolean {
    if (event?.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.PLAIN) return false;
    if (this.#source[event.valueStart] !== '<' || getScalarValue(this.#source, event) !== '<<') return false;
    const tag = this.#tagOf(event);
    return tag === undefined || tag === '!' || tag === 'tag:yaml.org,2002:merge';
  }

  /** Reports a number that can be a key, such as `.inf`, and not a value. */
  checkValue({ value, text, start, end }: Pick<YamlScalar, 'value' | 'text' | 'start' | 'end'>): void {
    if (typeof value !== 'number' || Number.isFinite(value)) return;
    const message = `${quote(text)} is not a number that JSON can write`;
    this.#report('yaml-value', { start, end }, message, 'put it in quotes');
  }

  #resolved(event: ScalarEvent, span: Span, text: string): ResolvedScalar {
    const tag = this.#tagOf(event);
    const asWritten = event.style === SCALAR_STYLE.PLAIN ? resolve(text) : { value: text, isFloat: false };
    const resolved = tag === undefined ? asWritten : resolveTagged(tag, text);
    if (resolved === undefined) {
      const message = `${quote(text)} is not what its tag ${quote(this.#rawTag(event))} says`;
      this.#report('yaml-value', span, message, 'remove the tag or fix the value');
    } else if (typeof resolved.value === 'string' && !resolved.value.isWellFormed())
      this.#report('yaml-value', span, 'an escape is half of a surrogate pair', 'write the character itself');
    else return resolved;
    return { value: null, isFloat: false };
  }

  #rawTag(event: ScalarEvent): string {
    return this.#source.slice(event.tagStart, event.tagEnd);
  }

  /** The full tag; undefined without one. `!` alone makes any scalar a text. */
  #tagOf(event: ScalarEvent): string | undefined {
    if (event.tagStart < 0) return undefined;
    const raw = this.#rawTag(event);
    if (raw.startsWith('!<')) return raw.slice(2, -1);
    const handleEnd = raw.indexOf('!', 1) + 1 || 1;
    return (this.#tagPrefixes.get(raw.slice(0, handleEnd)) ?? '!') + raw.slice(handleEnd);
  }

  /** From the first quote, or the `|` of a block, to the offset after the last character. */
  #span(event: ScalarEvent, emptyAt: number): Span {
    if (event.valueStart < 0) return { start: emptyAt, end: emptyAt };
    switch (event.style) {
      case SCALAR_STYLE.PLAIN:
        return { start: event.valueStart, end: event.valueEnd };
      case SCALAR_STYLE.LITERAL_BLOCK:
      case SCALAR_STYLE.FOLDED_BLOCK:
        return { start: this.#blockHeader(event.valueStart), end: event.valueEnd };
      default:
        return { start: event.valueStart - 1, end: event.valueEnd + 1 };
    }
  }

  #blockHeader(valueStart: number): number {
    const header = /[|>][-+0-9]*[ \t]*(?:[ \t]#[^\r\n]*)?(?:\r\n?|\n)?$/;
    const lineStart = Math.max(
      this.#source.lastIndexOf('\n', valueStart - 2),
      this.#source.lastIndexOf('\r', valueStart - 3),
    );
    const line = this.#source.slice(lineStart + 1, valueStart);
    const match = header.exec(line);
    return match === null ? valueStart : lineStart + 1 + match.index;
  }
}
