import {
  API_VERSION,
  formatPointer,
  type Path,
  type SourceMap,
  type SourceMapPlace,
  type SourceMapRelated,
} from '@slipway/core';
import { type Addressed, formatAddress } from '../values/address.ts';
import { type Origin, placeOfOrigin, type Traced, type TracedMap } from './traced.ts';

/** Collects where every key, item and scalar came from. */
export class SourceMapBuilder {
  readonly #sources = new Map<string, number>();
  readonly #relatedIndices = new Map<Addressed<unknown>, number>();
  readonly #related: SourceMapRelated[] = [];
  readonly #objects: SourceMap['objects'][number][] = [];

  addObject(file: string, document: number, traced: TracedMap): void {
    const places: SourceMapPlace[] = [this.#row([], traced, undefined)];
    this.#walk([], traced, places);
    this.#objects.push({ file, document, places });
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

  #walk(path: Path, value: Traced, places: SourceMapPlace[]): void {
    const add = (step: string | number, child: Traced, key?: Origin): void => {
      const childPath = [...path, step];
      places.push(this.#row(childPath, child, key));
      this.#walk(childPath, child, places);
    };
    if (value.kind === 'map') for (const [key, entry] of value.entries) add(key, entry.value, entry.key);
    else if (value.kind === 'list') for (const [index, item] of value.items.entries()) add(index, item);
  }

  /** From the key to the end of a scalar; of a list or map the key alone, or where the item begins. */
  #row(path: Path, value: Traced, key: Origin | undefined): SourceMapPlace {
    const start = placeOfOrigin(key ?? value.origin);
    const end =
      value.kind === 'scalar'
        ? placeOfOrigin(value.origin)
        : key === undefined
          ? { ...start, endLine: start.line, endColumn: start.column }
          : start;
    const isBackwards = (end.endLine ?? end.line) < start.line || end.path !== start.path;
    const { endLine = end.line, endColumn = end.column } = isBackwards ? start : end;
    const related = value.origin.related.map(entry => this.#relatedIndex(entry));
    const row = [
      formatPointer(path),
      this.#source(start.path),
      start.line,
      start.column,
      endLine,
      endColumn,
    ] as const;
    return related.length === 0 ? row : [...row, related];
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
