import { basename } from 'node:path';
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  nearest,
  type Path,
  type Position,
  type Problem,
  parsePointer,
  quote,
  valueAt,
} from '@slipway/core';
import {
  isKubernetesObject,
  type KubernetesObject,
  type ObjectReference,
  referenceTo,
  serverFieldsOf,
  withGeneratedName,
  withoutServerFields,
} from '@slipway/kubernetes';
import { parseSection, type Section, type YamlDocument, type YamlNode } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { objectPaths } from '../files/list-objects.ts';
import type { HelmTemplates } from './helm-templates.ts';
import { KeptSection } from './kept-section.ts';
import type { ManifestObject } from './manifest-object.ts';

/** A section of a file that was parsed. */
export interface PlainSection {
  readonly path: string;
  readonly section: Section;
  readonly documents: readonly YamlDocument[];
  /** Where positions in Helm's output are looked up first. */
  readonly templates?: HelmTemplates;
}

/** A document that is an object, or one of the items of a `List`. */
interface Part {
  readonly document: YamlDocument;
  /** The index of the document in its section. */
  readonly position: number;
  /** The path of the object in the document. */
  readonly path: Path;
}

/**
 * Every object of a section; a `List` counts as its items. Problems go to `report`.
 * @param before the number of objects in the file before the section
 * @param keep is given the section with its objects, which it may pack
 */
export function plainObjects(
  { path, section, documents, templates }: PlainSection,
  before: number,
  keep: (section: KeptSection) => void,
  report: (problem: Problem<RenderErrorCode>) => void,
  warn: (problem: Problem<RenderErrorCode>) => void,
): ManifestObject[] {
  const found: KubernetesObject[] = [];
  const kept = new KeptSection(section, found);
  const text: PlainText = { path, section: kept, templates };
  const manifests = documents.flatMap(partsOf).flatMap((part, index) => {
    const written = part.path.reduce<unknown>((value, step) => (value as never)[step], part.document.value);
    const object = withGeneratedName(written);
    if (isKubernetesObject(object)) {
      for (const field of serverFieldsOf(object))
        warn(exportedProblem(object, field, positionIn(part.document, [...part.path, 'metadata', field])));
      const reference = referenceTo(object);
      const which = { index: found.length, document: part.position, path: part.path };
      found.push(withoutServerFields(object));
      return [new PlainObject(reference, before + index, text, which)];
    }
    const { document, path: at } = part;
    report(
      ofTool(document.positionOf(at)) ??
        notAnObject(object, document.positionOf(at), key => document.keyPositionOf([...at, ...key])),
    );
    return [];
  });
  keep(kept);
  return manifests;
}

function partsOf(document: YamlDocument, position: number): Part[] {
  return objectPaths(document.value).map(path => ({ document, position, path }));
}

/** Files that a tool makes manifests from; each says itself so in its name. */
const FILES_OF_TOOLS: Readonly<Record<string, readonly [tool: string, command: string]>> = {
  'kustomization.yaml': ['Kustomize', 'kubectl kustomize'],
  'kustomization.yml': ['Kustomize', 'kubectl kustomize'],
  'Chart.yaml': ['Helm', 'helm template'],
  'values.yaml': ['Helm', 'helm template'],
};

/** "Add metadata.name" would not make a manifest of it. */
function ofTool(at: Position): Problem<RenderErrorCode> | undefined {
  const [tool, command] = FILES_OF_TOOLS[basename(at.path)] ?? [];
  if (tool === undefined) return undefined;
  return {
    code: 'object-invalid',
    at,
    message: `this file of ${tool} is not a manifest, and ${tool} is not run for plain manifests`,
    remedy: `name what \`${command}\` writes instead, or use it as a source of a formation: see docs/helm-and-kustomize.md`,
  };
}

/** The warning about a field that an exported object has. */
export function exportedProblem(
  object: KubernetesObject,
  field: string,
  at: Position,
): Problem<RenderErrorCode> {
  return {
    code: 'object-exported',
    at,
    message: `metadata.${field} of ${object.kind} ${quote(object.metadata.name)} is set by the API server, so it is ignored`,
    remedy: 'remove it from the manifest',
  };
}

/** @param positionOfKey where a key of it begins */
export function notAnObject(
  value: unknown,
  at: Position,
  positionOfKey: (path: Path) => Position = () => at,
): Problem<RenderErrorCode> {
  if (!isJsonObject(value))
    return {
      code: 'object-invalid',
      at,
      message: 'this document is not a Kubernetes object',
      remedy: 'write a manifest with apiVersion, kind and metadata',
    };
  const missing = ['apiVersion', 'kind'].filter(field => typeof value[field] !== 'string');
  const { metadata } = value;
  if (!isJsonObject(metadata) || typeof metadata['name'] !== 'string') missing.push('metadata.name');
  const misspelt = misspellingsIn(value);
  const [first] = misspelt;
  const misread = misreadIn(value);
  return {
    code: 'object-invalid',
    at: first !== undefined ? positionOfKey(first.path) : misread === undefined ? at : positionOfKey(misread),
    message: `this manifest has no valid ${missing.map(quote).join(', ')}`,
    remedy: misread === undefined ? remedyFor(metadata, misspelt) : inQuotes(value, misread),
  };
}

/** The path of a text that every object has and that is read as something else, such as the name `n`, which is false. */
function misreadIn(value: JsonObject): Path | undefined {
  const paths: readonly Path[] = [['apiVersion'], ['kind'], ['metadata', 'name']];
  return paths.find(path => ['boolean', 'number', 'bigint'].includes(typeof valueAt(value, path)));
}

function inQuotes(value: JsonObject, path: Path): string {
  const read = valueAt(value, path);
  return `put ${path.join('.')} in quotes, as it is read as the ${typeof read === 'boolean' ? 'boolean' : 'number'} ${String(read)}`;
}

function remedyFor(metadata: JsonValue | undefined, misspelt: readonly Misspelling[]): string {
  if (isJsonObject(metadata) && metadata['generateName'] !== undefined)
    return 'write a name instead of generateName: Slipway adds a hash of its content to the name of a Job';
  if (misspelt.length === 0) return 'add it';
  return misspelt
    .map(({ path, meant }) => `write ${quote(meant)} for ${quote(String(path.at(-1)))}`)
    .join(', ');
}

interface Misspelling {
  /** The path of the key. */
  readonly path: Path;
  readonly meant: string;
}

/** Keys that no object has, in place of one that every object has. */
function misspellingsIn(value: JsonObject): readonly Misspelling[] {
  const { metadata } = value;
  return [
    ...misspelt(value, ['apiVersion', 'kind', 'metadata'], []),
    ...(isJsonObject(metadata) ? misspelt(metadata, ['name'], ['metadata']) : []),
  ];
}

/** Fields that are right, however close their names are to a missing one. */
const OTHER_FIELDS: ReadonlySet<string> = new Set(['data', 'namespace', 'generateName', 'labels']);

function misspelt(map: JsonObject, fields: readonly string[], path: Path): readonly Misspelling[] {
  const missing = fields.filter(field => map[field] === undefined);
  return Object.keys(map).flatMap(key => {
    const meant = fields.includes(key) || OTHER_FIELDS.has(key) ? undefined : nearest(key, missing);
    return meant === undefined ? [] : [{ path: [...path, key], meant }];
  });
}

/** What the objects of a section share. */
interface PlainText {
  readonly path: string;
  readonly section: KeptSection;
  readonly templates: HelmTemplates | undefined;
}

/** Which object of a section. */
interface Which {
  readonly index: number;
  /** The index of its document in the section. */
  readonly document: number;
  /** The path of the object in the document. */
  readonly path: Path;
}

/**
 * A class, since there may be 100,000 of them. It keeps the text that it was read from and not the tree of nodes: positions are found by
 * parsing the section again, since they are needed for few objects.
 */
class PlainObject implements ManifestObject {
  readonly reference: ObjectReference;
  readonly document: number;
  readonly #text: PlainText;
  readonly #which: Which;

  constructor(reference: ObjectReference, document: number, text: PlainText, which: Which) {
    this.reference = reference;
    this.document = document;
    this.#text = text;
    this.#which = which;
  }

  get object(): KubernetesObject {
    return this.#text.section.at(this.#which.index);
  }

  get file(): string {
    return this.#text.path;
  }

  positionAt(pointer: string): Position {
    const { path, section, templates } = this.#text;
    const document = documentsOf(section, path)[this.#which.document];
    if (document === undefined) return { path, line: section.firstLine, column: 1 };
    const position = positionIn(document, [...this.#which.path, ...parsePointer(pointer)]);
    const line = position.line - section.firstLine + 1;
    return templates?.positionAt(section.text, line) ?? position;
  }

  relatedTo(): readonly [] {
    return [];
  }
}

interface Parsed {
  readonly section: Section;
  readonly documents: readonly YamlDocument[];
}

/** Two sections are kept, since findings come object by object, and may be about the object of another section too. */
let parsed: readonly Parsed[] = [];

function documentsOf(section: Section, path: string): readonly YamlDocument[] {
  const [last, other] = parsed;
  if (last?.section === section) return last.documents;
  const found = other?.section === section ? other : { section, documents: parseSection(section, path) };
  parsed = last === undefined ? [found] : [found, last];
  return found.documents;
}

/** The position of a scalar reaches from its key to its end; that of a list or map is its key alone, so that a mark does not cover half a file. */
export function positionIn(document: YamlDocument, path: Path): Position {
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
