import {
  defined,
  type Position,
  placePointers,
  readPlaces,
  type SourceMap,
  type SourceMapObject,
} from '@slipway/core';
import type { KubernetesObject, ObjectReference } from '@slipway/kubernetes';
import type { FillingEntry, ManifestObject } from './manifest-object.ts';

/** An object of a rendered tree: what it is and where it is written. */
export interface RenderedManifest {
  readonly reference: ObjectReference;
  readonly file: string;
  readonly document: number;
  /** Read on demand, since most objects are only written. */
  readonly read: () => KubernetesObject;
}

/**
 * An object of a rendered tree, with positions in the stencils and patches.
 * @param places the object's part of the source map; without one its positions are in the manifest
 */
export function renderedObject(
  { reference, file, document, read }: RenderedManifest,
  sourceMap: SourceMap,
  places: SourceMapObject | undefined,
): ManifestObject {
  // Only one in thousands of objects has a finding, so the index is built on demand.
  let index: ReadonlyMap<string, number> | undefined;
  let positions: readonly (Position | undefined)[] | undefined;
  const positionAt = (pointer: string): number => {
    if (pointer === '') return 0;
    index ??= new Map(placePointers(read()).map((known, place) => [known, place]));
    return nearestPlace(index, pointer);
  };
  return {
    get object() {
      return read();
    },
    reference,
    file,
    document,
    positionAt: pointer => {
      positions ??= places === undefined ? [] : readPlaces(sourceMap, places);
      return positions[positionAt(pointer)] ?? { path: file, line: 1, column: 1 };
    },
    relatedTo: pointer => relatedPlaces(places, positionAt(pointer), sourceMap),
  };
}

/** Returns a function that finds an object's part of a source map. */
export function placesByObject({
  objects,
}: SourceMap): (file: string, document: number) => SourceMapObject | undefined {
  const byKey = new Map(objects.map(places => [`${places.document} ${places.file}`, places]));
  return (file, document) => byKey.get(`${document} ${file}`);
}

function nearestPlace(index: ReadonlyMap<string, number>, pointer: string): number {
  for (let current = pointer; current !== ''; current = current.slice(0, current.lastIndexOf('/'))) {
    const place = index.get(current);
    if (place !== undefined) return place;
  }
  return 0;
}

function relatedPlaces(
  places: SourceMapObject | undefined,
  place: number,
  { sources, revisions = [], related }: SourceMap,
): FillingEntry[] {
  const [, ...indices] = places?.filled?.find(([filled]) => filled === place) ?? [];
  return indices.flatMap(index => {
    const entry = related[index];
    if (entry === undefined) return [];
    const [address, source, line, column] = entry;
    const revision = revisions[source] || undefined;
    return [{ address, at: { path: sources[source] ?? '', line, column, ...defined({ revision }) } }];
  });
}
