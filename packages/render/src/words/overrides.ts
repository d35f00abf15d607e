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
    ...readValue(word, text),
    at: { path: 'set', line: 1, column: 1 },
    isOverride: true,
  }));
}

function readValue(word: string, text: string): Pick<Addressed<ConfigValue>, 'content' | 'spelling'> {
  return /^["'[{]/.test(text)
    ? { content: parseDocument(text, `set/${word}`).value }
    : { content: resolvePlain(text), spelling: text };
}
