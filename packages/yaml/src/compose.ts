import type { Problem } from '@slipway/core';
import { COLLECTION_STYLE, EVENT_ID, type Event, type ScalarEvent } from 'js-yaml';
import { ParsedDocument, type YamlDocument } from './document.ts';
import type { DuplicateKey } from './duplicate-key.ts';
import type { YamlErrorCode } from './error-codes.ts';
import { keyText } from './key.ts';
import type { Lines } from './lines.ts';
import type { Span, YamlEntry, YamlMap, YamlNode, YamlScalar } from './node.ts';
import { isRegularScalar } from './regular.ts';
import { ScalarReader } from './scalar-reader.ts';

/** How many nodes the aliases of a file may repeat in all: `a: &a [*b, *b …]`, nested a few times, would fill any memory. */
const MAX_REPEATED_NODES = 100_000;
/** So many characters of a text count as one more node, since aliases repeat them too. */
const NODE_CHARACTERS = 64;

type DocumentEvent = Extract<Event, { type: typeof EVENT_ID.DOCUMENT }>;
type CollectionEvent = Extract<Event, { type: typeof EVENT_ID.SEQUENCE | typeof EVENT_ID.MAPPING }>;
type AliasEvent = Extract<Event, { type: typeof EVENT_ID.ALIAS }>;

interface Anchor {
  /** Undefined while the anchored node is still being read: an alias there would contain itself. */
  node: YamlNode | undefined;
  nodes: number;
}

export interface Composition {
  readonly path: string;
  readonly source: string;
  readonly lines: Lines;
  readonly events: readonly Event[];
  /** Whether the text as a whole is regular. */
  readonly isRegular: boolean;
}

/** Builds documents from js-yaml's event stream, with Kubernetes' values and the offsets of every node. */
export class Composer {
  readonly #path: string;
  readonly #source: string;
  readonly #lines: Lines;
  readonly #events: readonly Event[];
  readonly #problems: Problem<YamlErrorCode>[] = [];
  #next = 0;
  /** The offset after the last token, which is where an empty value is. */
  #lastEnd = 0;
  #flowDepth = 0;
  #nodes = 0;
  #repeatedNodes = 0;
  #anchors = new Map<string, Anchor>();
  #scalars: ScalarReader;
  #duplicateKeys: DuplicateKey[] = [];
  readonly #isRegularText: boolean;
  #isRegular = true;

  constructor({ path, source, lines, events, isRegular }: Composition) {
    this.#path = path;
    this.#source = source;
    this.#lines = lines;
    this.#events = events;
    this.#isRegularText = isRegular;
    this.#scalars = this.#scalarReader([]);
  }

  #scalarReader(directives: DocumentEvent['directives']): ScalarReader {
    return new ScalarReader(this.#source, directives, this.#problem.bind(this));
  }

  get problems(): readonly Problem<YamlErrorCode>[] {
    return this.#problems;
  }

  /** Every document that is not empty. */
  documents(): YamlDocument[] {
    const documents: YamlDocument[] = [];
    while (this.#next < this.#events.length) {
      const root = this.#document(this.#take() as DocumentEvent);
      if (root === undefined) continue;
      documents.push(
        new ParsedDocument({
          path: this.#path,
          index: documents.length,
          root,
          source: this.#source,
          lines: this.#lines,
          duplicateKeys: this.#duplicateKeys,
          isRegular: this.#isRegular && root.kind === 'map' && !root.inFlow,
        }),
      );
    }
    return documents;
  }

  #document(event: DocumentEvent): YamlNode | undefined {
    this.#anchors = new Map();
    this.#duplicateKeys = [];
    this.#isRegular = this.#isRegularText;
    this.#scalars = this.#scalarReader(event.directives);
    if (this.#peek()?.type === EVENT_ID.POP) {
      this.#next++;
      return undefined;
    }
    const root = this.#node();
    this.#next++;
    const isEmpty = root.kind === 'scalar' && root.start === root.end && root.style === 'plain';
    return isEmpty ? undefined : root;
  }

  #node(isKey = false): YamlNode {
    const event = this.#take();
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event, isKey);
    if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.SEQUENCE && event.type !== EVENT_ID.MAPPING)
      throw new TypeError(`unexpected event ${event.type}`);
    if (event.anchorStart >= 0 || event.tagStart >= 0) this.#isRegular = false;
    const before = this.#nodes++;
    const anchor = event.anchorStart < 0 ? undefined : this.#anchor(event);
    const node = event.type === EVENT_ID.SCALAR ? this.#scalar(event, isKey) : this.#collection(event);
    if (anchor !== undefined) {
      anchor.node = node;
      anchor.nodes = this.#nodes - before;
    }
    return node;
  }

  #anchor({ anchorStart, anchorEnd }: ScalarEvent | CollectionEvent): Anchor {
    const anchor: Anchor = { node: undefined, nodes: 0 };
    this.#anchors.set(this.#source.slice(anchorStart, anchorEnd), anchor);
    return anchor;
  }

  #alias(event: AliasEvent, isKey: boolean): YamlNode {
    this.#isRegular = false;
    const name = this.#source.slice(event.anchorStart, event.anchorEnd);
    const span = { start: event.anchorStart - 1, end: event.anchorEnd };
    this.#lastEnd = span.end;
    const anchor = this.#anchors.get(name);
    if (anchor?.node === undefined) {
      const message =
        anchor === undefined
          ? `no anchor &${name} comes before this alias`
          : 'an alias is inside its own anchor';
      this.#problem('yaml-alias', span, message, 'write the value out');
      return this.#emptyScalar(span);
    }
    if (anchor.node.kind === 'scalar' && !isKey) this.#scalars.checkValue({ ...anchor.node, ...span });
    this.#nodes += anchor.nodes;
    this.#repeatedNodes += anchor.nodes;
    if (this.#repeatedNodes <= MAX_REPEATED_NODES) return anchor.node;
    this.#tooManyAliases(span);
    return this.#emptyScalar(span);
  }

  #tooManyAliases(span: Span): void {
    if (this.#problems.some(problem => problem.message.startsWith('the aliases'))) return;
    const message = `the aliases up to here repeat more than ${MAX_REPEATED_NODES} values`;
    this.#problem('yaml-alias', span, message, 'write the values out or use fewer aliases');
  }

  #collection(event: CollectionEvent): YamlNode {
    const isFlow = event.style === COLLECTION_STYLE.FLOW;
    const inFlow = this.#flowDepth > 0 || isFlow;
    // This is a pair without braces in a list.
    if (inFlow && !isFlow) this.#isRegular = false;
    if (isFlow) this.#flowDepth++;
    this.#lastEnd = isFlow ? event.start + 1 : event.start;
    const content = event.type === EVENT_ID.SEQUENCE ? this.#items() : this.#entries();
    if (isFlow) {
      this.#flowDepth--;
      this.#lastEnd = this.#closingBracket(this.#lastEnd);
    }
    const [start, end] = [event.start, this.#lastEnd];
    return Array.isArray(content)
      ? { kind: 'list', items: content, inFlow, start, end }
      : { kind: 'map', entries: content, inFlow, start, end };
  }

  /** The event stream has no offset for the end of a flow collection, but only white space and comments precede it. */
  #closingBracket(from: number): number {
    const gap = /(?:[\s,:]|#[^\r\n]*)*[\]}]/y;
    gap.lastIndex = from;
    return gap.test(this.#source) ? gap.lastIndex : from;
  }

  #items(): YamlNode[] {
    const items: YamlNode[] = [];
    while (this.#peek()?.type !== EVENT_ID.POP) items.push(this.#node());
    this.#next++;
    return items;
  }

  #entries(): Map<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    const keys: WrittenKeys = { entries, firsts: undefined };
    while (this.#peek()?.type !== EVENT_ID.POP) {
      const isMerge = this.#scalars.isMergeKey(this.#peek());
      const key = this.#node(true);
      const value = this.#node();
      this.#checkOneLine(key, value);
      if (isMerge) {
        this.#isRegular = false;
        keys.firsts ??= keysOf(entries);
        this.#merge(entries, value);
      } else if (key.kind === 'scalar') this.#addEntry(keys, key, value);
      else this.#problem('yaml-key', key, 'a list or a map cannot be a key', 'write a text as the key');
    }
    this.#next++;
    return entries;
  }

  /** Whether a colon with a bracket or comma behind it follows the key. */
  #isDisputed({ end }: Span): boolean {
    const colon = /[ \t]*:[,[\]{}]/y;
    colon.lastIndex = end;
    return colon.test(this.#source);
  }

  /** js-yaml takes `a: !tag b: c`, a block of keys that begins beside a key. */
  #checkOneLine(key: YamlNode, value: YamlNode): void {
    if (value.kind !== 'map' || this.#source[value.start] === '{' || value.start < key.end) return;
    if (/[\r\n]/.test(this.#source.slice(key.end, value.start)) || this.#flowDepth > 0) return;
    this.#problem(
      'yaml-syntax',
      value,
      'a key cannot follow another one on its line',
      'begin a new line, or put the text in quotes',
    );
  }

  #addEntry(keys: WrittenKeys, key: YamlScalar, value: YamlNode): void {
    const { entries } = keys;
    const text = keyText(key);
    if (text === undefined) {
      const what = key.value === null ? 'null' : 'an integer of more than 63 bits';
      this.#problem('yaml-key', key, `${what} cannot be a key`, 'write the key in quotes');
      return;
    }
    if (this.#source[key.end] !== ':') this.#isRegular = false;
    if (key.inFlow && key.style === 'plain' && this.#isDisputed(key))
      // go-yaml reads the colon as part of the key.
      this.#problem(
        'yaml-key',
        key,
        'parsers disagree about a ":" without a space here',
        'write "key: null"',
      );
    const first = keys.firsts === undefined ? entries.get(text)?.key : keys.firsts.get(text);
    if (first === undefined) keys.firsts?.set(text, key);
    else {
      keys.firsts ??= keysOf(entries);
      this.#isRegular = false;
      this.#duplicateKeys.push({
        key: text,
        at: this.#lines.positionOf(key),
        first: this.#lines.positionOf(first),
      });
    }
    entries.set(text, { key, value });
  }

  /**
   * Merged entries win over those before them and lose to those after: go-yaml v2 merges where it meets the key,
   * whatever the specification says. In a list of maps, the first wins.
   */
  #merge(entries: Map<string, YamlEntry>, value: YamlNode): void {
    const maps = value.kind === 'list' ? [...value.items].reverse() : [value];
    for (const map of maps) {
      if (map.kind === 'map') mergeInto(entries, map);
      else {
        this.#problem('yaml-key', map, '<< merges maps only', 'name an anchor of a map, or quote "<<"');
        return;
      }
    }
  }

  #scalar(event: ScalarEvent, isKey: boolean): YamlScalar {
    const scalar = this.#scalars.read(event, { inFlow: this.#flowDepth > 0, at: this.#lastEnd, isKey });
    this.#lastEnd = Math.max(this.#lastEnd, scalar.end);
    this.#isRegular &&= isRegularScalar(this.#source, scalar);
    if (scalar.inFlow && scalar.style === 'plain' && scalar.text.startsWith(':'))
      this.#problem('yaml-syntax', scalar, 'a text in brackets cannot begin with ":"', 'put it in quotes');
    this.#nodes += Math.floor(scalar.text.length / NODE_CHARACTERS);
    return scalar;
  }

  #emptyScalar(span: Span): YamlScalar {
    return {
      kind: 'scalar',
      style: 'plain',
      inFlow: this.#flowDepth > 0,
      isTagged: false,
      isFloat: false,
      text: '',
      value: null,
      ...span,
    };
  }

  #problem(code: YamlErrorCode, span: Span, message: string, remedy: string): void {
    this.#problems.push({ code, message, remedy, at: this.#lines.positionOf(span) });
  }

  #peek(): Event | undefined {
    return this.#events[this.#next];
  }

  #take(): Event {
    const event = this.#events[this.#next++];
    if (event === undefined) throw new TypeError('the event stream ends too early');
    return event;
  }
}

/** The keys that are written in a map, without those that are merged into it. */
interface WrittenKeys {
  readonly entries: Map<string, YamlEntry>;
  /** Each key where it is first written; while there are neither merges nor duplicates, the entries hold this. */
  firsts: Map<string, YamlScalar> | undefined;
}

function keysOf(entries: ReadonlyMap<string, YamlEntry>): Map<string, YamlScalar> {
  return new Map([...entries].map(([text, { key }]) => [text, key]));
}

function mergeInto(entries: Map<string, YamlEntry>, map: YamlMap): void {
  for (const [key, entry] of map.entries) entries.set(key, entry);
}
