import {
  hasPlaceholder,
  isJsonObject,
  type JsonValue,
  type Problem,
  parseTemplate,
  quote,
  type TemplatePart,
} from '@slipway/core';
import type { ScalarValue, Span, YamlDocument, YamlMap, YamlNode, YamlScalar } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { type Origin, originOf, type Traced, type TracedEntry, type TracedScalar } from '../trace/traced.ts';
import type { Addressed } from '../values/address.ts';
import type { Leaf } from '../values/address-table.ts';
import type { ConfigValue } from '../values/config-entries.ts';
import { placeholderSpan } from './placeholder-span.ts';
import { fillStandIns, type SealedPart } from './stand-in.ts';
import type { WordMeaning, WordResolver } from './word-resolver.ts';

type WordPart = Extract<TemplatePart, { kind: 'word' }>;

/** Words whose value differs in every release. */
const PER_RELEASE_WORDS: ReadonlySet<string> = new Set(['tag', 'git.sha']);

/** Replaces the placeholders of one document in its parsed nodes, so that no value can change the text around it. */
export class Substitution {
  readonly #document: YamlDocument;
  readonly #resolver: WordResolver;
  readonly #report: (problem: Problem<RenderErrorCode>) => void;

  constructor(
    document: YamlDocument,
    resolver: WordResolver,
    report: (problem: Problem<RenderErrorCode>) => void,
  ) {
    this.#document = document;
    this.#resolver = resolver;
    this.#report = report;
  }

  node(node: YamlNode): Traced {
    if (node.kind === 'map') return this.#map(node);
    if (node.kind === 'list')
      return { kind: 'list', items: node.items.map(item => this.node(item)), origin: this.#origin(node) };
    return hasPlaceholder(node.text) ? this.#template(node) : this.#scalar(node.value, this.#origin(node));
  }

  #map(node: YamlMap): Traced {
    const entries = new Map<string, TracedEntry>();
    // forEach makes no array of pairs, of which a thousand stencils have a hundred thousand.
    node.entries.forEach((entry, key) => {
      const name = hasPlaceholder(entry.key.text) ? this.#keyText(entry.key) : key;
      entries.set(name, { key: this.#origin(entry.key), value: this.node(entry.value) });
    });
    return { kind: 'map', entries, origin: this.#origin(node) };
  }

  /** A key may contain `$${` but not a placeholder, since which keys exist must not depend on a value. */
  #keyText(key: YamlScalar): string {
    const { parts } = this.#parse(key);
    const word = parts.find(part => part.kind === 'word');
    if (word !== undefined)
      this.#problem(placeholderSpan(this.#document.source, key, word.offset), {
        code: 'word-in-key',
        message: `the placeholder ${quote(`\${${word.word}}`)} is in a key`,
        remedy: 'move it into the value, or replace the whole map with an unquoted placeholder',
      });
    return parts.map(part => (part.kind === 'text' ? part.text : '')).join('');
  }

  #template(node: YamlScalar): Traced {
    const { parts } = this.#parse(node);
    const [only] = parts;
    const isTyped = node.style === 'plain' && !node.isTagged && parts.length === 1;
    if (isTyped && only?.kind === 'word') return this.#typed(node, only);
    return this.#text(node, parts);
  }

  #parse(node: YamlScalar) {
    const template = parseTemplate(node.text);
    for (const { code, offset, text } of template.problems)
      this.#problem(placeholderSpan(this.#document.source, node, offset), {
        code,
        message:
          code === 'word-unterminated'
            ? `the placeholder ${quote(text)} has no closing }`
            : `${quote(text)} is not a placeholder`,
        remedy:
          code === 'word-unterminated'
            ? 'add }, or write $${ for a literal ${'
            : 'write dotted words of letters, digits, _ and -, or $${ for a literal ${',
      });
    return template;
  }

  #typed(node: YamlScalar, part: WordPart): Traced {
    const meaning = this.#meaning(node, part);
    if (meaning === undefined) return { ...this.#scalar(null, this.#origin(node)), isBroken: true };
    switch (meaning.kind) {
      case 'secret':
        return this.#text(node, [part]);
      case 'map':
        return tracedMap(meaning.leaves, this.#document, node);
      default:
        return PER_RELEASE_WORDS.has(part.word)
          ? this.#text(node, [part])
          : tracedValue(meaning.value, originOf(this.#document, node, relatedTo(meaning)));
    }
  }

  #text(node: YamlScalar, parts: readonly TemplatePart[]): TracedScalar {
    const related: Addressed<unknown>[] = [];
    const filled: (string | SealedPart)[] = [];
    let isBroken = false;
    for (const part of parts) {
      if (part.kind === 'text') {
        filled.push(part.text);
        continue;
      }
      const meaning = this.#meaning(node, part);
      if (meaning === undefined) isBroken = true;
      else if (meaning.kind === 'secret')
        filled.push({ word: meaning.word, span: placeholderSpan(this.#document.source, node, part.offset) });
      else filled.push(this.#asText(node, part, meaning));
      if (meaning !== undefined) related.push(...relatedTo(meaning));
    }
    const { text, sealed } = fillStandIns(filled);
    const origin = originOf(this.#document, node, related);
    const words = parts.flatMap(part => (part.kind === 'word' ? [part.word] : []));
    return {
      kind: 'scalar',
      value: text,
      origin,
      ...(words.length > 0 ? { isFilled: true } : {}),
      ...(words.some(word => PER_RELEASE_WORDS.has(word)) ? { isPerRelease: true } : {}),
      ...(sealed.length > 0 ? { sealed } : {}),
      ...(isBroken ? { isBroken } : {}),
    };
  }

  #asText(
    node: YamlScalar,
    part: WordPart,
    meaning: Exclude<WordMeaning, { kind: 'secret' | 'problem' }>,
  ): string {
    const value = meaning.kind === 'value' ? meaning.value : {};
    if (typeof value !== 'object') return spelling(meaning) ?? String(value);
    const what = value === null ? 'null' : isJsonObject(value) ? 'a map' : 'a list';
    this.#problem(placeholderSpan(this.#document.source, node, part.offset), {
      code: 'word-not-text',
      message: `${quote(part.word)} is ${what}, which cannot be part of a text`,
      remedy: 'write the placeholder unquoted as the whole value, or use a text or number',
    });
    return '';
  }

  /** Undefined, with a problem, for a word without a value. */
  #meaning(node: YamlScalar, part: WordPart): Exclude<WordMeaning, { kind: 'problem' }> | undefined {
    const meaning = this.#resolver.resolve(part.word);
    const span = placeholderSpan(this.#document.source, node, part.offset);
    if (meaning.kind !== 'problem') return meaning;
    this.#problem(span, meaning.problem);
    return undefined;
  }

  #scalar(value: ScalarValue, origin: Origin): TracedScalar {
    return { kind: 'scalar', value, origin };
  }

  #origin(span: Span): Origin {
    return originOf(this.#document, span);
  }

  #problem(span: Span, problem: Omit<Problem<RenderErrorCode>, 'at'>): void {
    this.#report({ ...problem, at: this.#document.positionOfSpan(span) });
  }
}

/** A version 1.10 is a number to YAML, but people mean what they wrote. */
function spelling(meaning: WordMeaning): string | undefined {
  return meaning.kind === 'value' ? meaning.entry?.spelling : undefined;
}

function relatedTo(meaning: WordMeaning): readonly Addressed<unknown>[] {
  if (meaning.kind === 'map') return meaning.leaves.map(({ entry }) => entry).filter(isFromFile);
  const isEntry = meaning.kind === 'value' || meaning.kind === 'secret';
  return isEntry && meaning.entry !== undefined && isFromFile(meaning.entry) ? [meaning.entry] : [];
}

function isFromFile({ isOverride }: Addressed<unknown>): boolean {
  return isOverride !== true;
}

/** The map below a word; each leaf is related to its own entry. */
function tracedMap(leaves: readonly Leaf<ConfigValue>[], document: YamlDocument, span: Span): Traced {
  const entries = new Map<string, TracedEntry>();
  const origin = originOf(document, span);
  const key: Origin = { ...origin, isAdded: true };
  for (const [name, below] of Map.groupBy(leaves, ({ path }) => path[0] ?? '')) {
    const [only] = below;
    const isLeaf = only !== undefined && only.path.length === 1;
    const value = isLeaf
      ? tracedValue(only.entry.content, originOf(document, span, isFromFile(only.entry) ? [only.entry] : []))
      : tracedMap(
          below.map(({ path, entry }) => ({ path: path.slice(1), entry })),
          document,
          span,
        );
    entries.set(name, { key, value });
  }
  return { kind: 'map', entries, origin };
}

/** A config value in place of a placeholder: all of it has the position of the placeholder. */
function tracedValue(value: JsonValue, origin: Origin): Traced {
  const within: Origin = { ...origin, isAdded: true };
  if (Array.isArray(value))
    return { kind: 'list', items: value.map(item => tracedValue(item, within)), origin };
  if (!isJsonObject(value)) return { kind: 'scalar', value: value as ScalarValue, origin, isFilled: true };
  const entries = Object.entries(value).map(([key, item]): [string, TracedEntry] => [
    key,
    { key: within, value: tracedValue(item, within) },
  ]);
  return { kind: 'map', entries: new Map(entries), origin };
}
