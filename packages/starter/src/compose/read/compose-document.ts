import type { JsonValue, Path, Position } from '@slipway/core';
import {
  nodeAt,
  toJson,
  type YamlDocument,
  type YamlEntry,
  type YamlNode,
  type YamlScalar,
} from '@slipway/yaml';

/** A document as Compose reads it. */
export interface ComposeDocument {
  readonly value: JsonValue;
  /** Where a key is written, or an item of a list. */
  keyPositionOf(path: Path): Position;
}

/**
 * Reads words such as `yes` and `off` as texts, which they are to Compose and in YAML 1.2, while Kubernetes takes them for booleans.
 * https://github.com/compose-spec/compose-spec/blob/main/spec.md#compose-file
 */
export function asCompose(document: YamlDocument): ComposeDocument {
  const root = withTexts(document.root);
  return {
    value: toJson(root),
    keyPositionOf(path) {
      const { node, key } = nodeAt(root, path);
      return document.positionOfSpan(key ?? node);
    },
  };
}

function withTexts(node: YamlNode): YamlNode {
  if (node.kind === 'scalar') return isWord(node) ? { ...node, value: node.text } : node;
  if (node.kind === 'list') return { ...node, items: node.items.map(withTexts) };
  const entries = [...node.entries].map(([name, { key, value }]): [string, YamlEntry] => [
    isWord(key) ? key.text : name,
    { key, value: withTexts(value) },
  ]);
  return { ...node, entries: new Map(entries) };
}

function isWord({ style, isTagged, value, text }: YamlScalar): boolean {
  return style === 'plain' && !isTagged && typeof value === 'boolean' && !/^(?:true|false)$/i.test(text);
}
