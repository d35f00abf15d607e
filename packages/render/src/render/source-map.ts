import { API_VERSION, type Position, type SourceMap, type SourceMapRelated } from '@slipway/core';
import { type Addressed, formatAddress } from '../values/address.ts';
import { type Origin, placeOfOrigin, type Traced, type TracedMap } from './traced.ts';

type ObjectPlaces = SourceMap['objects'][number];

/** Collects where every key, item and scalar came from. */
export class SourceMapBuilder {
  readonly #sources = new Map<string, number>();
  readonly #relatedIndices = new Map<Addressed<unknown>, number>();
  readonly #related: SourceMapRelated[] = [];
  readonly #objects: ObjectPlaces[] = [];

  addObject(file: string, document: number, traced: TracedMap): void {
    const places: number[] = [];
    const filled: number[][] = [];
    this.#walk(traced, undefined, { places, filled, count: 0 });
    this.#objects.push({ file, document, places, ...(filled.length === 0 ? {} : { filled }) });
  }

  build(): SourceMap {
    return {
      apiVersion: API_VERSION,
      kind: 'SourceMap',
      sources: [...this.#sources.keys()],
      related: this.#related,
      objects: this.#objects,
    };
  }

  /** In the order of `placePointers`. */
  #walk(value: Traced, key: Origin | undefined, into: Collected): void {
    this.#add(value, key, into);
    if (value.kind === 'list') for (const item of value.items) this.#walk(item, undefined, into);
    else if (value.kind === 'map')
      for (const name of [...value.entries.keys()].sort()) {
        const entry = value.entries.get(name);
        if (entry !== undefined) this.#walk(entry.value, entry.key, into);
      }
  }

  #add(value: Traced, key: Origin | undefined, into: Collected): void {
    const { path, line, column, endLine = line, endColumn = column } = spanOf(value, key);
    into.places.push(this.#source(path), line, column, endLine, endColumn);
    const { related } = value.origin;
    if (related.length > 0)
      into.filled.push([into.count, ...related.map(entry => this.#relatedIndex(entry))]);
    into.count++;
  }

  #source(path: string): number {
    let index = this.#sources.get(path);
    if (index === undefined) {
      index = this.#sources.size;
      this.#sources.set(path, index);
    }
    return index;
  }

  #relatedIndex(entry: Addressed<unknown>): number {
    let index = this.#relatedIndices.get(entry);
    if (index === undefined) {
      index = this.#related.length;
      this.#relatedIndices.set(entry, index);
      this.#related.push([formatAddress(entry), this.#source(entry.at.path), entry.at.line, entry.at.column]);
    }
    return index;
  }
}

interface Collected {
  readonly places: number[];
  readonly filled: number[][];
  count: number;
}

/** From the key to the end of a scalar; of a list or map the key alone, or where the item begins. */
function spanOf(value: Traced, key: Origin | undefined): Position {
  const start = placeOfOrigin(key ?? value.origin);
  if (key === undefined) return value.kind === 'scalar' ? start : withoutEnd(start);
  if (value.kind !== 'scalar' || key.span === value.origin.span) return start;
  const end = placeOfOrigin(value.origin);
  // A patch may give an entry another value while its key stays the stencil's, and an alias points backwards.
  if (end.path !== start.path || end.line < start.line) return start;
  return { ...start, endLine: end.endLine ?? end.line, endColumn: end.endColumn ?? end.column };
}

function withoutEnd({ path, line, column }: Position): Position {
  return { path, line, column };
}
