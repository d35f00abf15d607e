import {
  type Config,
  formatPosition,
  type JsonValue,
  type Problem,
  quote,
  type SecretReference,
} from '@slipway/core';
import { toJson, type YamlDocument, type YamlNode, type YamlScalar } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import { type Addressed, formatAddress, parseAddress } from './address.ts';

/** A scalar, a list or an empty map: the value at the end of an address. */
export type ConfigValue = JsonValue;
export type SecretEntry = SecretReference;

type Report = (problem: Problem<RenderErrorCode>) => void;

/** The values of one config file. Nested maps extend the address, so that each entry is a leaf. */
export function valueEntries(document: YamlDocument, report: Report): Addressed<ConfigValue>[] {
  const entries: Addressed<ConfigValue>[] = [];
  for (const { key, value } of children(document.root, 'spec', 'values')) {
    const segments = parseAddress(key.text, document.positionOfSpan(key), report);
    if (segments !== undefined) addLeaves({ segments, key, node: value, document, entries });
  }
  return entries.filter(entry => isLongEnough(entry, report));
}

/** The secret references of one config file. */
export function secretEntries(
  document: YamlDocument,
  config: Config,
  report: Report,
): Addressed<SecretEntry>[] {
  const entries: Addressed<SecretEntry>[] = [];
  for (const [address, content] of Object.entries(config.spec.secrets ?? {})) {
    const at = document.keyPositionOf(['spec', 'secrets', address]);
    const segments = parseAddress(address, at, report);
    if (segments !== undefined) entries.push({ segments, content, at });
  }
  return entries.filter(entry => isLongEnough(entry, report));
}

function children(root: YamlNode, ...path: readonly string[]): { key: YamlScalar; value: YamlNode }[] {
  let node: YamlNode | undefined = root;
  for (const step of path) node = node?.kind === 'map' ? node.entries.get(step)?.value : undefined;
  return node?.kind === 'map' ? [...node.entries.values()] : [];
}

interface LeafSearch {
  readonly segments: readonly string[];
  readonly key: YamlScalar;
  readonly node: YamlNode;
  readonly document: YamlDocument;
  readonly entries: Addressed<ConfigValue>[];
}

function addLeaves({ segments, key, node, document, entries }: LeafSearch): void {
  if (node.kind !== 'map' || node.entries.size === 0) {
    entries.push({
      ...{ segments, content: toJson(node), at: document.positionOfSpan(key) },
      ...(node.kind === 'scalar' && typeof node.value !== 'string' ? { spelling: node.text } : {}),
    });
    return;
  }
  // Words are taken as written: the word of `yes: …` is "yes", though Kubernetes would read "true".
  for (const { key: name, value } of node.entries.values())
    addLeaves({ segments: [...segments, name.text], key: name, node: value, document, entries });
}

/** A destination, a formation and at least one word. */
const MIN_SEGMENTS = 3;

function isLongEnough(entry: Addressed<unknown>, report: Report): boolean {
  if (entry.segments.length >= MIN_SEGMENTS) return true;
  report({
    code: 'address-malformed',
    at: entry.at,
    message: `the address ${quote(formatAddress(entry))} is too short`,
    remedy: 'write <destination>.<formation>.<word>…, such as "*.*.database.port"',
  });
  return false;
}

/** Reports each address that appears a second time. */
export function reportDuplicates(entries: readonly Addressed<unknown>[], report: Report): void {
  const seen = new Map<string, Addressed<unknown>>();
  for (const entry of entries) {
    const address = entry.segments.join('\0');
    const first = seen.get(address);
    if (first === undefined) seen.set(address, entry);
    else
      report({
        code: 'address-duplicate',
        at: entry.at,
        message: `the address ${quote(formatAddress(entry))} appears twice (first at ${formatPosition(first.at)})`,
        remedy: 'remove one of them',
      });
  }
}
