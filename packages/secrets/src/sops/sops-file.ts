import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJsonIfAny,
  quote,
  SlipwayError,
  stringifyJson,
} from '@slipway/core';
import { parseDocument, toJson, type YamlDocument, type YamlMap } from '@slipway/yaml';
import type { SecretsErrorCode } from '../error-codes.ts';
import { dotenvMetadata, isMetadataLine, readDotenvMetadata } from './dotenv-metadata.ts';

/** What sops calls the formats; a file of any other ending is binary, which sops wraps into JSON. */
export type SopsFormat = 'yaml' | 'json' | 'dotenv' | 'binary';

/** A file that SOPS encrypted. */
export interface SopsFile {
  readonly path: string;
  readonly format: SopsFormat;
  /** The values as they are in the file, by their names; what is encrypted begins with `ENC[`. */
  readonly tree: JsonValue;
  readonly metadata: JsonObject;
  /** The text of the file with other metadata; its values and their MAC do not depend on the keys in it. */
  withMetadata(metadata: JsonObject): string;
}

/**
 * @param path decides the format, as it does for sops
 * @throws SlipwayError `sops-file-invalid`, `yaml-syntax`
 */
export function parseSopsFile(text: string, path: string): SopsFile {
  const format = sopsFormat(path);
  const file = format === 'dotenv' ? parseLines(text) : parseTree(text, path);
  if (file === undefined)
    throw fileInvalid(
      path,
      'is not encrypted by SOPS',
      `encrypt it: sops encrypt --age <recipient> --in-place ${path}`,
    );
  if (format === 'json' || format === 'binary') refuseOtherThanJson(text, path);
  return { path, format, ...file };
}

/** Other metadata takes the place of the file's before sops reads it, so that sops does not see what is wrong in there. */
function refuseOtherThanJson(text: string, path: string): void {
  if (parseJsonIfAny(text) === undefined)
    throw fileInvalid(path, 'is not valid JSON', 'restore it from Git, or encrypt it again');
}

/** By the file's ending, as sops does it. @throws SlipwayError `sops-file-invalid` */
function sopsFormat(path: string): SopsFormat {
  const [, ending = ''] = /\.([^./]+)$/.exec(path) ?? [];
  switch (ending) {
    case 'yaml':
    case 'yml':
      return 'yaml';
    case 'json':
      return 'json';
    case 'env':
      return 'dotenv';
    case 'ini':
      throw fileInvalid(path, 'is an INI file', 'keep the secret in a YAML, JSON, dotenv or binary file');
    default:
      return 'binary';
  }
}

type Parsed = Omit<SopsFile, 'path' | 'format'>;

/** JSON in place of the metadata is right in JSON and, as a flow map, in YAML. */
function parseTree(text: string, path: string): Parsed | undefined {
  const document = parseDocument(text, path);
  refuseLookAlikes(document, path);
  const node = metadataOf(document.root as YamlMap);
  if (node === undefined) return undefined;
  const { start, end } = node;
  const { source } = document;
  return {
    tree: withoutComments(toJson(document.root)),
    metadata: toJson(node) as JsonObject,
    withMetadata: metadata => `${source.slice(0, start)}${stringifyJson(metadata)}\n${source.slice(end)}`,
  };
}

/**
 * A reader of JSON in Go that fills a structure takes "SOPS", and a second "sops", for more of the same metadata
 * (https://pkg.go.dev/encoding/json@go1.26.0#Unmarshal). sops 3.13 does not, and no file that it wrote has either.
 */
function refuseLookAlikes({ root, duplicateKeys }: YamlDocument, path: string): void {
  const names = root.kind === 'map' ? [...root.entries.keys()] : [];
  const isLookAlike = (name: string): boolean => name !== 'sops' && name.toUpperCase() === 'SOPS';
  if (names.some(isLookAlike) || duplicateKeys.length > 0)
    throw fileInvalid(
      path,
      'contains a key twice, or one that looks like "sops"',
      'restore it from Git, or encrypt it again',
    );
}

function metadataOf(root: YamlMap): YamlMap | undefined {
  const value = root.kind === 'map' ? root.entries.get('sops')?.value : undefined;
  return value?.kind === 'map' ? value : undefined;
}

function parseLines(text: string): Parsed | undefined {
  const lines = text.split('\n');
  const metadata = readDotenvMetadata(lines);
  if (metadata === undefined) return undefined;
  const own = lines.filter(line => !isMetadataLine(line));
  const values = own.filter(line => line.includes('=') && !line.startsWith('#'));
  return {
    metadata,
    tree: Object.fromEntries(values.map(nameAndValue)),
    withMetadata: other => [...own.filter(line => line !== ''), ...dotenvMetadata(other), ''].join('\n'),
  };
}

function nameAndValue(line: string): [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, equals), line.slice(equals + 1).trim()];
}

/** In a list sops writes an encrypted comment as an item, and takes it away when it decrypts: what follows has another position then. */
function withoutComments(value: JsonValue): JsonValue {
  if (Array.isArray(value))
    return (value as JsonValue[]).filter(item => !isComment(item)).map(withoutComments);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutComments(item)]));
}

function isComment(value: JsonValue): boolean {
  return typeof value === 'string' && /^ENC\[[^\]]*,type:comment\]$/.test(value);
}

/** Whether a value of a file is one that sops encrypted. */
export function isEncrypted(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value.startsWith('ENC[');
}

/** Every scalar of a tree that is not the metadata, with its path. */
export function* scalarsOf(
  tree: JsonValue,
  path: readonly string[] = [],
): Generator<[readonly string[], JsonValue]> {
  if (typeof tree !== 'object' || tree === null) {
    yield [path, tree];
    return;
  }
  for (const [name, value] of Object.entries(isJsonObject(tree) ? tree : { ...(tree as JsonValue[]) }))
    if (path.length > 0 || name !== 'sops') yield* scalarsOf(value as JsonValue, [...path, name]);
}

export function fileInvalid(path: string, what: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-file-invalid',
    message: `the file ${quote(path)} ${what}`,
    remedy,
  });
}
