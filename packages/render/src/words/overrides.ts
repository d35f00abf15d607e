import type { JsonValue } from '@slipway/core';
import { parseDocument, resolvePlain } from '@slipway/yaml';
import { type Addressed, WILDCARD } from '../values/address.ts';
import type { ConfigValue } from '../values/config-entries.ts';

/**
 * Values that are set for a run, which win over every file.
 * @param set by word, without the prefix `config.`; a text is read as an unquoted YAML value, or as YAML if it begins with a quote, a
 *   bracket or a brace
 */
export function overrides(set: Readonly<Record<string, string>>): Addressed<ConfigValue>[] {
  return Object.entries(set).map(([word, text]) => ({
    segments: [WILDCARD, WILDCARD, ...word.split('.')],
    content: readValue(word, text),
    at: { path: 'set', line: 1, column: 1 },
    isOverride: true,
  }));
}

function readValue(word: string, text: string): JsonValue {
  return /^["'[{]/.test(text) ? parseDocument(text, `set/${word}`).value : resolvePlain(text);
}
