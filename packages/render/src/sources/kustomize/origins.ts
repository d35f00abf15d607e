import { type JsonValue, type Path, type Position, textMap, valueAt } from '@slipway/core';
import { isKubernetesObject, keyOf } from '@slipway/kubernetes';
import { decodeText, parseDocuments, type Span, type YamlDocument, type YamlNode } from '@slipway/yaml';
import type { FileSource } from '../../files/file-source.ts';

const ORIGIN = 'config.kubernetes.io/origin';

/** The file that an object came from. */
export interface Origin {
  /** Relative to the workspace. */
  readonly path: string;
  /** The object in the file; undefined for one that a generator made. */
  readonly document: YamlDocument | undefined;
  /** Where the object, or its generator, is in the file. */
  readonly start: Position;
}

const generatorFields: Readonly<Record<string, string>> = {
  ConfigMapGenerator: 'configMapGenerator',
  SecretGenerator: 'secretGenerator',
};

/** Finds the files of objects by the annotations that Kustomize adds on request. */
export class Origins {
  readonly #texts = new Map<string, string>();
  readonly #pathOf: (named: string) => string;
  readonly #files: FileSource;
  readonly #read = new Map<string, readonly YamlDocument[]>();

  /**
   * @param annotated the objects with annotations
   * @param pathOf turns the path in an annotation into one relative to the workspace
   */
  constructor(annotated: readonly JsonValue[], pathOf: (named: string) => string, files: FileSource) {
    this.#pathOf = pathOf;
    this.#files = files;
    for (const object of annotated) {
      const text = textMap(valueAt(object, ['metadata', 'annotations']))[ORIGIN];
      if (text !== undefined && isKubernetesObject(object)) this.#texts.set(keyOf(object), text);
    }
  }

  async of(object: JsonValue): Promise<Origin | undefined> {
    const text = isKubernetesObject(object) ? this.#texts.get(keyOf(object)) : undefined;
    const origin = text === undefined ? undefined : parseDocuments(text, ORIGIN)[0]?.value;
    if (origin === undefined) return undefined;
    const [file, configured] = [valueAt(origin, ['path']), valueAt(origin, ['configuredIn'])];
    const named = typeof file === 'string' ? file : configured;
    if (typeof named !== 'string') return undefined;
    const path = this.#pathOf(named);
    const documents = await this.#documents(path);
    const generator = generatorFields[String(valueAt(origin, ['configuredBy', 'kind']))];
    const document =
      typeof file === 'string' ? documents.find(found => isOf(found.value, object)) : undefined;
    const start =
      document?.positionOf([]) ??
      (generator === undefined ? undefined : documents[0]?.keyPositionOf([generator]));
    return { path, document, start: start ?? { path, line: 1, column: 1 } };
  }

  async #documents(path: string): Promise<readonly YamlDocument[]> {
    let documents = this.#read.get(path);
    if (documents === undefined) {
      const bytes = await this.#files.read(path);
      documents = bytes === undefined ? [] : parseDocuments(decodeText(bytes, path), path);
      this.#read.set(path, documents);
    }
    return documents;
  }
}

/** Whether a document is the source of an object; Kustomize may have added a prefix and a suffix to the name. */
function isOf(written: JsonValue, object: JsonValue): boolean {
  const [name, built] = [written, object].map(value => valueAt(value, ['metadata', 'name']));
  const isKind = valueAt(written, ['kind']) === valueAt(object, ['kind']);
  return isKind && typeof name === 'string' && typeof built === 'string' && built.includes(name);
}

/** Finds the position of each part of an object in the file that it came from, by the same keys or the nearest ones. */
export function locateIn({ document, start, path }: Origin, built: YamlDocument): (span: Span) => Position {
  if (document === undefined) return () => start;
  const paths = new Map<number, { readonly path: Path; readonly isKey: boolean }>();
  collect(built.root, [], paths);
  return span => {
    const found = paths.get(span.start);
    if (found === undefined) return { path, line: start.line, column: start.column };
    return found.isKey ? document.keyPositionOf(found.path) : document.positionOf(found.path);
  };
}

/** Paths by the offset where they begin. A map begins where its first key does; then the key counts. */
function collect(
  node: YamlNode,
  path: Path,
  into: Map<number, { readonly path: Path; readonly isKey: boolean }>,
): void {
  if (!into.has(node.start)) into.set(node.start, { path, isKey: false });
  if (node.kind === 'list')
    for (const [index, item] of node.items.entries()) collect(item, [...path, index], into);
  if (node.kind === 'map')
    for (const [key, entry] of node.entries) {
      into.set(entry.key.start, { path: [...path, key], isKey: true });
      collect(entry.value, [...path, key], into);
    }
}
