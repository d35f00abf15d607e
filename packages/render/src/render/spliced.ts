import type { JsonValue } from '@slipway/core';
import { type Span, Splice, setOwn, type YamlEntry, type YamlMap, type YamlNode } from '@slipway/yaml';
import { type Traced, type TracedMap, tracedToJson } from '../trace/traced.ts';

/**
 * The text of an object that differs from its stencil only by values that were filled in and entries that were added: the stencil's text
 * with these spliced in. Undefined for any other object, such as a patched one, which has to be written from its tree.
 */
export function splicedText(object: TracedMap): string | undefined {
  const { document } = object.origin;
  if (!document.isRegular || object.origin.span !== document.root) return undefined;
  const splicing = new Splicing(object);
  return splicing.value(object, document.root, document.root) ? splicing.text() : undefined;
}

/** Each step returns whether it was possible; if one was not, the whole splice is discarded. */
class Splicing {
  readonly #document: TracedMap['origin']['document'];
  readonly #splice: Splice;

  constructor({ origin: { document } }: TracedMap) {
    this.#document = document;
    this.#splice = new Splice(document.source, document.root);
  }

  text(): string {
    return this.#splice.toString();
  }

  /** @param parent the key that the value belongs to, or the item itself */
  value(traced: Traced, node: YamlNode, parent: Span): boolean {
    const { document, span } = traced.origin;
    if (document !== this.#document || span !== node) return false;
    if (node.kind === 'map') return traced.kind === 'map' && this.#entries(traced, node);
    if (node.kind === 'list')
      return (
        traced.kind === 'list' &&
        traced.items.length === node.items.length &&
        node.items.every((item, index) => this.#item(traced.items[index], item))
      );
    if (traced.kind === 'scalar') {
      if (traced.value === node.value) return true;
      // An empty value has no text that could be replaced.
      if (node.start === node.end) return false;
      this.#splice.scalar(node, traced.value, parent);
      return true;
    }
    return !node.inFlow && this.#collection(tracedToJson(traced), node, parent);
  }

  #item(traced: Traced | undefined, node: YamlNode): boolean {
    return traced !== undefined && this.value(traced, node, node);
  }

  #entries(traced: TracedMap, node: YamlMap): boolean {
    let last: YamlEntry | undefined;
    let found = 0;
    for (const name of traced.entries.keys()) {
      const entry = traced.entries.get(name);
      if (entry === undefined) return false;
      if (entry.key.isAdded) {
        if (last === undefined) return false;
        const added: Record<string, JsonValue> = {};
        setOwn(added, name, tracedToJson(entry.value));
        this.#splice.addEntriesAfter(last, node.inFlow, added);
        continue;
      }
      last = node.entries.get(name);
      if (last === undefined || entry.key.span !== last.key) return false;
      if (!this.value(entry.value, last.value, last.key)) return false;
      found++;
    }
    return found === node.entries.size;
  }

  /** A list or map that replaces a placeholder. */
  #collection(value: JsonValue, node: Extract<YamlNode, { kind: 'scalar' }>, parent: Span): boolean {
    if (parent === node) this.#splice.collectionOfItem(node, value);
    else if (this.#document.source.slice(parent.end, node.start).includes('\n')) return false;
    else this.#splice.collectionOfKey(node, value, parent);
    return true;
  }
}
