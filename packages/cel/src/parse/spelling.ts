/** The name of the marking function in the text that is parsed; expressions must not use it. */
export const OPTIONAL_MARK = '__optional_entry__';

/** How the name of a field in backquotes begins in the text that is parsed; expressions must not use it. */
export const QUOTED_MARK = '__quoted_field_';
/** The first minor version whose API server takes names of fields in backquotes. */
const QUOTED_SINCE = 37;

/** What is between the backquotes of a name that was marked, and any other name as it is. */
export function unmarked(name: string): string {
  if (!name.startsWith(QUOTED_MARK)) return name;
  return Buffer.from(name.slice(QUOTED_MARK.length), 'hex').toString();
}

/** A text that the library's parser accepts, and the mapping from its offsets to those of the original. */
export interface Respelt {
  readonly source: string;
  offsetOf(offset: number): number;
}

interface Frame {
  readonly kind: 'list' | 'map' | 'other';
  /** Whether a mark is still open. */
  marked: boolean;
  /** How many `?` of conditionals are open within the entry. */
  ternaries: number;
}

/** Raw strings, in which a backslash escapes nothing; other strings; quoted names; comments; names and numbers; white space; the rest. */
const token =
  /(?<raw>(?:[rR][bB]?|[bB][rR])(?:""".*?"""|'''.*?'''|"[^"\n]*"|'[^'\n]*'))|(?<text>[bB]?(?:"""(?:\\.|[^\\])*?"""|'''(?:\\.|[^\\])*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))|(?<field>`[\w./ -]+`)|\/\/[^\n]*|[\w.]+|\s+|./gsy;

/** Syntax that the library may not know. Most expressions contain none of it and are passed on as they are. */
const UNKNOWN_FORMS = /`|[[{,]\s*\?|\b[rRbB]{1,2}["']|(?:^|[^\w)\]}"'.\s])\s*\.[A-Za-z_]/;

/**
 * Rewrites syntax of CEL that the library's parser does not know: optional entries of literals (`[?a]`, `{?k: v}`) become calls of
 * the marking function, raw strings and bytes beyond ASCII are escaped, names of fields in backquotes are marked, and a dot before the
 * first name is removed.
 * @param minor the version of Kubernetes, since names in backquotes were added later
 */
export function respell(source: string, minor: number): Respelt {
  if (!UNKNOWN_FORMS.test(source)) return { source, offsetOf: offset => offset };
  const speller = new Speller(minor >= QUOTED_SINCE);
  for (const { 0: text, groups } of source.matchAll(token)) speller.read(text, groups ?? {});
  return speller.finish();
}

class Speller {
  #text = '';
  /** The last token that is not white space or a comment. */
  #previous = '';
  readonly #frames: Frame[] = [];
  readonly #takesQuoted: boolean;
  /** By how much offsets have moved from here on. */
  readonly #shifts: (readonly [at: number, by: number])[] = [];

  constructor(takesQuoted: boolean) {
    this.#takesQuoted = takesQuoted;
  }

  read(text: string, { raw, text: quoted, field }: Readonly<Record<string, string | undefined>>): void {
    if (/^(?:\s|\/\/)/.test(text)) {
      this.#text += text;
      return;
    }
    if (raw !== undefined) this.#replace(raw, escapeRaw(raw));
    else if (quoted !== undefined) this.#replace(quoted, escapeBytes(quoted));
    else if (field !== undefined && this.#takesQuoted && /[.?]$/.test(this.#previous))
      this.#replace(field, `${QUOTED_MARK}${Buffer.from(field.slice(1, -1)).toString('hex')}`);
    else this.#readToken(text, this.#frames.at(-1));
    this.#previous = text;
  }

  #readToken(text: string, frame: Frame | undefined): void {
    if (text === '?' && frame !== undefined && frame.kind !== 'other' && this.#isStartOf(frame)) {
      frame.marked = true;
      this.#replace(text, `${OPTIONAL_MARK}(`);
      return;
    }
    if (frame !== undefined && endsMark(text, frame)) {
      frame.marked = false;
      this.#replace('', ')');
    }
    if (text === '?' && frame !== undefined) frame.ternaries += 1;
    if (text === ':' && frame !== undefined && frame.ternaries > 0) frame.ternaries -= 1;
    const isRooted = /^\.[A-Za-z_]/.test(text) && !this.#followsValue();
    this.#replace(text, isRooted ? text.slice(1) : text);
    if (/^[[{(]$/.test(text)) this.#frames.push({ kind: this.#kindOf(text), marked: false, ternaries: 0 });
    else if (/^[\])}]$/.test(text)) this.#frames.pop();
  }

  #isStartOf(frame: Frame): boolean {
    return this.#previous === ',' || this.#previous === (frame.kind === 'list' ? '[' : '{');
  }

  #followsValue(): boolean {
    return /[\w.)\]}"'`]$/.test(this.#previous) && this.#previous !== 'in';
  }

  /** A bracket after an expression is an index, a brace after it begins a message. */
  #kindOf(bracket: string): Frame['kind'] {
    if (bracket === '(' || this.#followsValue()) return 'other';
    return bracket === '[' ? 'list' : 'map';
  }

  #replace(text: string, by: string): void {
    this.#text += by;
    if (by.length !== text.length) this.#shifts.push([this.#text.length, by.length - text.length]);
  }

  finish(): Respelt {
    const shifts = this.#shifts;
    return {
      source: this.#text,
      offsetOf: offset =>
        Math.max(
          0,
          shifts.reduce((original, [at, by]) => (offset >= at ? original - by : original), offset),
        ),
    };
  }
}

function endsMark(text: string, { kind, marked, ternaries }: Frame): boolean {
  if (!marked) return false;
  return kind === 'map' ? text === ':' && ternaries === 0 : text === ',' || text === ']';
}

function escapeRaw(raw: string): string {
  const [, prefix = '', quotes = '', inner = ''] = /^([a-zA-Z]+)("""|'''|"|')(.*)\2$/s.exec(raw) ?? [];
  const text = `"${inner.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
  return /b/i.test(prefix) && quotes !== '' ? escapeBytes(`b${text}`) : text;
}

/** Bytes contain the UTF-8 of their text, but the library reads it as Latin-1. */
function escapeBytes(text: string): string {
  if (!/^b/i.test(text)) return text;
  return text.replace(/[^\x00-\x7f]+/g, letters =>
    [...Buffer.from(letters)].map(byte => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  );
}
