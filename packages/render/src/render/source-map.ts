import {
  API_VERSION,
  PlacesWriter,
  type Position,
  type SourceMap,
  type SourceMapRelated,
  sortKeys,
} from '@slipway/core';
import type { YamlDocument } from '@slipway/yaml';
import { type Origin, positionOfOrigin, type Traced, type TracedMap } from '../trace/traced.ts';
import { type Addressed, formatAddress } from '../values/address.ts';

type ObjectPlaces = SourceMap['objects'][number];

/** Collects the origin of every key, item and scalar. */
export class SourceMapBuilder {
  readonly #sources = new Map<string, number>();
  readonly #files: { readonly path: string; readonly revision: string }[] = [];
  readonly #relatedIndices = new Map<Addressed<unknown>, number>();
  readonly #relatedRows = new Map<string, number>();
  readonly #related: SourceMapRelated[] = [];
  readonly #objects: ObjectPlaces[] = [];
  #last: { readonly document: YamlDocument; readonly source: number } | undefined;

  addObject(file: string, document: number, traced: TracedMap): void {
    const collected: Collected = { places: new PlacesWriter(), filled: [] };
    this.#walk(traced, undefined, collected);
    const { places, filled } = collected;
    this.#objects.push({ file, document, places: places.text, ...(filled.length === 0 ? {} : { filled }) });
  }

  build(): SourceMap {
    return {
      apiVersion: API_VERSION,
      kind: 'SourceMap',
      sources: this.#files.map(({ path }) => path),
      ...(this.#files.some(({ revision }) => revision !== '')
        ? { revisions: this.#files.map(({ revision }) => revision) }
        : {}),
      related: this.#related,
      objects: this.#objects,
    };
  }

  /** In the order of `placePointers`. */
  #walk(value: Traced, key: Origin | undefined, into: Collected): void {
    this.#add(value, key, into);
    if (value.kind === 'list') for (const item of value.items) this.#walk(item, undefined, into);
    else if (value.kind === 'map')
      for (const name of sortKeys([...value.entries.keys()])) {
        const entry = value.entries.get(name);
        if (entry !== undefined) this.#walk(entry.value, entry.key, into);
      }
  }

  #add(value: Traced, key: Origin | undefined, { places, filled }: Collected): void {
    const { related } = value.origin;
    if (related.length > 0) filled.push([places.count, ...related.map(entry => this.#relatedIndex(entry))]);
    const start = positionOfOrigin(key ?? value.origin);
    const { line, column, endLine = line, endColumn = column } = start;
    const source = this.#sourceOf((key ?? value.origin).document, start);
    if (key === undefined && value.kind !== 'scalar') {
      // For a list or map within a list the beginning is enough: a mark over all of it would cover half a file.
      places.add(source, line, column, line, column);
      return;
    }
    const end = isBesideKey(value, key) ? positionOfOrigin(value.origin) : start;
    // A patch may change the value while the key stays the stencil's, and an alias points backwards; then the key alone counts.
    if (end.path !== start.path || end.revision !== start.revision || end.line < line)
      places.add(source, line, column, endLine, endColumn);
    else places.add(source, line, column, end.endLine ?? end.line, end.endColumn ?? end.column);
  }

  /** Nearly all places of an object are in one document. */
  #sourceOf(document: YamlDocument, at: Position): number {
    if (document !== this.#last?.document) this.#last = { document, source: this.#source(at) };
    return this.#last.source;
  }

  /** A file of the checkout and one of a commit are two sources, though they have the same path. */
  #source({ path, revision = '' }: Position): number {
    const key = `${revision}:${path}`;
    let index = this.#sources.get(key);
    if (index === undefined) {
      index = this.#files.push({ path, revision }) - 1;
      this.#sources.set(key, index);
    }
    return index;
  }

  /** Several entries may have the same position in the config, if they are parts of one map. */
  #relatedIndex(entry: Addressed<unknown>): number {
    let index = this.#relatedIndices.get(entry);
    if (index === undefined) {
      const { line, column } = entry.at;
      const row: SourceMapRelated = [formatAddress(entry), this.#source(entry.at), line, column];
      const text = row.join(' ');
      index = this.#relatedRows.get(text) ?? this.#related.push(row) - 1;
      this.#relatedRows.set(text, index);
      this.#relatedIndices.set(entry, index);
    }
    return index;
  }
}

interface Collected {
  readonly places: PlacesWriter;
  readonly filled: number[][];
}

/** A key and its scalar are marked as one, from the beginning of the key to the end of the scalar. */
function isBesideKey({ kind, origin }: Traced, key: Origin | undefined): boolean {
  return key !== undefined && kind === 'scalar' && key.span !== origin.span;
}
