import { hasPlaceholder } from '@slipway/core';
import type { YamlDocument, YamlEntry, YamlMap, YamlNode } from '@slipway/yaml';
import type { Traced } from '../../trace/traced.ts';
import type { Substitute } from '../foreign-document.ts';
import { decodedText, isCoreSecret } from '../sealed-tokens.ts';

/**
 * A manifest whose placeholders are filled, as a stencil's are. Placeholders that a generator of Secrets has encoded are found too, and the
 * filled text is encoded in their place.
 */
export function filledTrace(document: YamlDocument, node: YamlNode, substitute: Substitute): Traced {
  return substitute(document, withDecodedSecrets(node));
}

export function withDecodedSecrets(node: YamlNode): YamlNode {
  return node.kind === 'map' && isCoreSecret(node) ? decodedSecret(node) : node;
}

function decodedSecret(secret: YamlMap): YamlMap {
  const data = secret.entries.get('data');
  if (data?.value.kind !== 'map') return secret;
  const entries = new Map([...data.value.entries].map(([key, entry]) => [key, decodedEntry(entry)] as const));
  return {
    ...secret,
    entries: new Map(secret.entries).set('data', { ...data, value: { ...data.value, entries } }),
  };
}

function decodedEntry(entry: YamlEntry): YamlEntry {
  const { value } = entry;
  const text =
    value.kind === 'scalar' && typeof value.value === 'string' ? decodedText(value.value) : undefined;
  if (value.kind !== 'scalar' || text === undefined || !hasPlaceholder(text)) return entry;
  return { ...entry, value: { ...value, style: 'double-quoted', text, value: text } };
}
