import type { KubernetesObject, Position, SourceMap, SourceMapPlace } from '@slipway/core';
import type { ManifestObject, RelatedPlace } from './manifest-object.ts';

/** Objects of a rendered tree, whose places are the stencils' and patches', through the source map. */
export function renderedObject(
  object: KubernetesObject,
  file: string,
  document: number,
  sourceMap: SourceMap,
): ManifestObject {
  // Thousands of objects are deployed for one that has a finding, so the index waits until it is asked for.
  let index: ReadonlyMap<string, SourceMapPlace> | undefined;
  const rowFor = (pointer: string): SourceMapPlace | undefined => {
    index ??= indexOf(sourceMap, file, document);
    return nearestRow(index, pointer);
  };
  return {
    object,
    file,
    document,
    placeOf: pointer => positionOf(rowFor(pointer), sourceMap, file),
    relatedTo: pointer => relatedPlaces(rowFor(pointer), sourceMap),
  };
}

function indexOf(
  { objects }: SourceMap,
  file: string,
  document: number,
): ReadonlyMap<string, SourceMapPlace> {
  const entry = objects.find(candidate => candidate.file === file && candidate.document === document);
  return new Map((entry?.places ?? []).map(row => [row[0], row]));
}

function nearestRow(index: ReadonlyMap<string, SourceMapPlace>, pointer: string): SourceMapPlace | undefined {
  for (let current = pointer; ; current = current.slice(0, current.lastIndexOf('/'))) {
    const row = index.get(current);
    if (row !== undefined || current === '') return row;
  }
}

function positionOf(row: SourceMapPlace | undefined, { sources }: SourceMap, file: string): Position {
  if (row === undefined) return { path: file, line: 1, column: 1 };
  const [, source, line, column, endLine, endColumn] = row;
  return { path: sources[source] ?? file, line, column, endLine, endColumn };
}

function relatedPlaces(row: SourceMapPlace | undefined, { sources, related }: SourceMap): RelatedPlace[] {
  return (row?.[6] ?? []).flatMap(index => {
    const entry = related[index];
    if (entry === undefined) return [];
    const [address, source, line, column] = entry;
    return [{ address, at: { path: sources[source] ?? '', line, column } }];
  });
}
