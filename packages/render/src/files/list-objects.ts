import { isJsonObject, type JsonObject, type JsonValue, type Path, type SourceDocument } from '@slipway/core';

/** Where the objects are in a document: the items of a `List`, which may be lists themselves, or the value itself. */
export function objectPaths(value: JsonValue, path: Path = []): readonly Path[] {
  if (!isJsonObject(value) || !isList(value)) return [path];
  return value.items.flatMap((item, index) => objectPaths(item, [...path, 'items', index]));
}

/** The objects of a document, each as a document of its own with the positions that it has in the file. */
export function objectDocuments(document: SourceDocument): readonly SourceDocument[] {
  const paths = objectPaths(document.value);
  if (paths[0]?.length === 0) return [document];
  return paths.map(path => ({
    path: document.path,
    index: document.index,
    value: path.reduce<unknown>((value, step) => (value as never)[step], document.value) as JsonValue,
    positionOf: inside => document.positionOf([...path, ...inside]),
    keyPositionOf: inside => document.keyPositionOf([...path, ...inside]),
  }));
}

/** `List` of `v1`, and the typed lists that API servers return, such as `ConfigMapList`. */
function isList(object: JsonObject): object is JsonObject & { readonly items: readonly JsonValue[] } {
  const { kind, items } = object;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}
