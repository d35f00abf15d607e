import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  quote,
  SlipwayError,
  stringifyJson,
} from '@slipway/core';
import { parseDocument, toJson, type YamlDocument, type YamlMap } from '@slipway/yaml';
import type { SecretsErrorCode } from '../error-codes.ts';

/** What sops calls the formats; a file of any other ending is binary, which sops wraps into JSON. */
export type SopsFormat = 'yaml' | 'json' | 'dotenv' | 'binary';

/** A file as it is handed to sops. */
export interface SopsFile {
  readonly format: SopsFormat;
  readonly text: string;
  /** The age recipients that it was encrypted for. */
  readonly recipients: readonly string[];
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
      throw invalid(path, 'is an INI file', 'keep the secret in a YAML, JSON, dotenv or binary file');
    default:
      return 'binary';
  }
}

/**
 * A SOPS file without any key but those of age. What a file lists, sops asks: another key's entry could name a server of
 * whoever wrote the file, or a program to run. The values and their MAC do not depend on that list.
 * https://github.com/getsops/sops/blob/v3.13.3/stores/stores.go (the fields of the metadata)
 * @throws SlipwayError `sops-file-invalid`
 */
export function withAgeKeysOnly(text: string, path: string): SopsFile {
  const format = sopsFormat(path);
  const file = format === 'dotenv' ? ageLinesOnly(text) : ageEntriesOnly(text, path);
  if (file === undefined)
    throw invalid(
      path,
      'is not encrypted by SOPS',
      `encrypt it: sops encrypt --age <recipient> --in-place ${path}`,
    );
  if (file.recipients.length === 0)
    throw invalid(
      path,
      'is not encrypted for an age key',
      'add the recipient of the step with "sops updatekeys"',
    );
  return { format, ...file };
}

/** The fields other than keys; only age's keys are added to these. */
const FIELDS = [
  'lastmodified',
  'mac',
  'version',
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
  'mac_only_encrypted',
  'shamir_threshold',
];

type Filtered = Omit<SopsFile, 'format'>;

/** JSON in place of the metadata is right in JSON and, as a flow map, in YAML. */
function ageEntriesOnly(source: string, path: string): Filtered | undefined {
  const document = parseDocument(source, path);
  refuseLookAlikes(document, path);
  const metadata = metadataOf(document.root as YamlMap);
  if (metadata === undefined) return undefined;
  const { start, end } = metadata;
  const value = toJson(metadata) as JsonObject;
  const kept = Object.entries(value).flatMap(([field, content]) => keptField(field, content));
  const { source: text } = document;
  return {
    text: `${text.slice(0, start)}${stringifyJson(Object.fromEntries(kept))}\n${text.slice(end)}`,
    recipients: recipientsOf(value),
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
    throw invalid(
      path,
      'contains a key twice, or one that looks like "sops"',
      'restore it from Git, or encrypt it again',
    );
}

function metadataOf(root: YamlMap): YamlMap | undefined {
  const value = root.kind === 'map' ? root.entries.get('sops')?.value : undefined;
  return value?.kind === 'map' ? value : undefined;
}

function keptField(field: string, content: JsonValue): [string, JsonValue][] {
  if (field === 'age' || FIELDS.includes(field)) return [[field, content]];
  if (field !== 'key_groups' || !Array.isArray(content)) return [];
  const groups = (content as JsonValue[]).map(group => ({ age: ageKeys(group) }));
  return [[field, groups.filter(({ age }) => age.length > 0)]];
}

function ageKeys(holder: JsonValue): readonly JsonValue[] {
  const keys = isJsonObject(holder) ? holder['age'] : undefined;
  return Array.isArray(keys) ? keys : [];
}

function recipientsOf(metadata: JsonObject): string[] {
  const groups = Array.isArray(metadata['key_groups']) ? (metadata['key_groups'] as JsonValue[]) : [];
  return [metadata, ...groups]
    .flatMap(ageKeys)
    .flatMap(key => (isJsonObject(key) && typeof key['recipient'] === 'string' ? [key['recipient']] : []));
}

/** In a dotenv file each field of the metadata is a line, with its path in the name. */
function ageLinesOnly(text: string): Filtered | undefined {
  const lines = text.split('\n');
  if (!lines.some(line => line.startsWith('sops_mac='))) return undefined;
  const kept = lines.filter(line => !line.startsWith('sops_') || isKeptLine(line));
  const recipients = kept.flatMap(line => {
    const [, recipient] = /^sops_(?:\w*_)?age__list_\d+__map_recipient=(.*)$/.exec(line) ?? [];
    return recipient === undefined ? [] : [recipient.trim()];
  });
  return { text: kept.join('\n'), recipients };
}

function isKeptLine(line: string): boolean {
  const name = line.slice('sops_'.length, Math.max(0, line.indexOf('=')));
  return (
    FIELDS.includes(name) ||
    /^(?:key_groups__list_\d+__map_)?age__list_\d+__map_(?:enc|recipient)$/.test(name)
  );
}

function invalid(path: string, what: string, remedy: string): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({
    code: 'sops-file-invalid',
    message: `the file ${quote(path)} ${what}`,
    remedy,
  });
}
