import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { SOPS_KEY_WORDS, type SopsKeyWord, sopsKeyKind } from './key-kinds.ts';

/** One key that a file is encrypted for. */
export interface SopsKey {
  readonly word: 'age' | SopsKeyWord;
  /** As a line of `secrets` names it, or the age recipient; undefined for an entry that no line can name. */
  readonly name: string | undefined;
  /** What sops reads of it, and nothing else. */
  readonly entry: JsonObject;
}

export interface SopsMetadata {
  /** The fields that are not keys. */
  readonly fields: JsonObject;
  /** One of each group is needed, or one at all if there is one group. */
  readonly groups: readonly (readonly SopsKey[])[];
  /** How many groups have to be opened. */
  readonly required: number;
  /** Entries of kinds that Slipway does not know. */
  readonly unknown: readonly string[];
}

/** The fields other than keys. https://github.com/getsops/sops/blob/v3.13.3/stores/stores.go */
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

/** @param vault the address of Vault that the step gives; a key of another one has no name */
export function readMetadata(metadata: JsonObject, vault: URL | undefined): SopsMetadata {
  const own = keysOf(metadata, vault);
  const listed = Array.isArray(metadata['key_groups']) ? (metadata['key_groups'] as JsonValue[]) : [];
  // As sops does it: the groups count only if the file has no key outside of them.
  const isGrouped = own.length === 0 && !hasOtherKeys(metadata);
  const groups = isGrouped ? listed.map(group => (isJsonObject(group) ? keysOf(group, vault) : [])) : [own];
  return {
    fields: Object.fromEntries(FIELDS.flatMap(field => fieldOf(metadata, field))),
    groups,
    required: requiredOf(groups.length, Number(metadata['shamir_threshold'] ?? 0)),
    unknown: [metadata, ...(isGrouped ? listed.filter(isJsonObject) : [])].some(hasOtherKeys)
      ? ['hckms']
      : [],
  };
}

/** Shares of a divided key are combined from two on; without a threshold all are needed. */
function requiredOf(groups: number, threshold: number): number {
  return groups === 1 ? 1 : Math.max(2, threshold || groups);
}

function hasOtherKeys({ hckms }: JsonObject): boolean {
  return Array.isArray(hckms) && hckms.length > 0;
}

function keysOf(holder: JsonObject, vault: URL | undefined): SopsKey[] {
  const age = entriesOf(holder, 'age').map(entry => {
    const { recipient } = entry;
    const name = typeof recipient === 'string' ? recipient.trim() : undefined;
    return { word: 'age' as const, name, entry: onlyFields(entry, ['recipient', 'enc']) };
  });
  const others = SOPS_KEY_WORDS.flatMap(word => {
    const { list, fields, nameOfEntry } = sopsKeyKind(word);
    return entriesOf(holder, list).map(entry => ({
      word,
      name: nameOfEntry(entry, vault),
      entry: onlyFields(entry, fields),
    }));
  });
  return [...age, ...others];
}

function entriesOf(holder: JsonObject, list: string): JsonObject[] {
  const entries = holder[list];
  return Array.isArray(entries) ? (entries as JsonValue[]).filter(isJsonObject) : [];
}

function onlyFields(entry: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.flatMap(field => fieldOf(entry, field)));
}

function fieldOf(holder: JsonObject, field: string): [string, JsonValue][] {
  const value = holder[field];
  return value === undefined ? [] : [[field, value]];
}

/**
 * The metadata with some of its keys only; undefined if too few groups have one of them, so that nothing needs to be asked. A group
 * without any is left out: its share is not among those that are combined.
 */
export function metadataWith(
  { fields, groups, required }: SopsMetadata,
  isUsed: (key: SopsKey) => boolean,
): { readonly metadata: JsonObject; readonly keys: readonly SopsKey[] } | undefined {
  const used = groups.map(group => group.filter(isUsed)).filter(group => group.length > 0);
  if (used.length < required) return undefined;
  const [first = []] = used;
  const lists = groups.length === 1 ? listsOf(first) : { key_groups: used.map(listsOf) };
  return { metadata: { ...fields, ...lists }, keys: used.flat() };
}

function listsOf(keys: readonly SopsKey[]): JsonObject {
  const byList = Map.groupBy(keys, ({ word }) => (word === 'age' ? 'age' : sopsKeyKind(word).list));
  return Object.fromEntries([...byList].map(([list, found]) => [list, found.map(({ entry }) => entry)]));
}
