import {
  isJsonObject,
  isKubernetesObject,
  type KubernetesObject,
  type Path,
  type Position,
  type Problem,
  parsePointer,
  quote,
} from '@slipway/core';
import type { YamlDocument, YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { ManifestObject } from './manifest-object.ts';

/** A document that is an object, or one of the items of a `List`. */
interface Part {
  readonly document: YamlDocument;
  /** Where the object begins in the document. */
  readonly path: Path;
}

/** Every object of the documents; a `List` counts as its items. Problems go to `report`. */
export function plainObjects(
  documents: readonly YamlDocument[],
  report: (problem: Problem<RenderErrorCode>) => void,
): ManifestObject[] {
  return documents.flatMap(partsOf).flatMap((part, index) => {
    const object = part.path.reduce<unknown>((value, step) => (value as never)[step], part.document.value);
    if (isKubernetesObject(object)) return [plainObject(object, part, index)];
    report(notAnObject(object, part.document.positionOf(part.path)));
    return [];
  });
}

function partsOf(document: YamlDocument): Part[] {
  const { value } = document;
  const isList = isJsonObject(value) && isListKind(value);
  if (!isList) return [{ document, path: [] }];
  return (value['items'] as readonly unknown[]).map((_, index) => ({ document, path: ['items', index] }));
}

/** `List` of `v1`, and the typed lists that API servers return, such as `ConfigMapList`. */
function isListKind(object: { readonly [key: string]: unknown }): boolean {
  const { kind, items } = object;
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

export function notAnObject(value: unknown, at: Position): Problem<RenderErrorCode> {
  if (!isJsonObject(value))
    return {
      code: 'object-invalid',
      at,
      message: 'this document is no Kubernetes object',
      remedy: 'write a manifest with apiVersion, kind and metadata',
    };
  const missing = ['apiVersion', 'kind'].filter(field => typeof value[field] !== 'string');
  const { metadata } = value;
  if (!isJsonObject(metadata) || typeof metadata['name'] !== 'string') missing.push('metadata.name');
  return {
    code: 'object-invalid',
    at,
    message: `this manifest lacks ${missing.map(quote).join(', ')} as text`,
    remedy: 'add it',
  };
}

function plainObject(object: KubernetesObject, { document, path }: Part, index: number): ManifestObject {
  return {
    object,
    file: document.path,
    document: index,
    placeOf: pointer => placeIn(document, [...path, ...parsePointer(pointer)]),
    relatedTo: () => [],
  };
}

/** A scalar's place reaches from its key to its end; a list's or map's is its key alone, lest a mark covers half a file. */
export function placeIn(document: YamlDocument, path: Path): Position {
  const value = document.positionOf(path);
  const key = document.keyPositionOf(path);
  const isScalar = nodeAt(document.root, path)?.kind === 'scalar';
  if (isScalar) return { ...value, line: key.line, column: key.column };
  const hasKey = key.line !== value.line || key.column !== value.column;
  return hasKey ? key : { path: key.path, line: key.line, column: key.column };
}

function nodeAt(root: YamlNode, path: Path): YamlNode | undefined {
  let node: YamlNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step))?.value;
    else if (node?.kind === 'list') node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}
