import type { ScalarValue } from './scalar.ts';

/**
 * What a document is made of, with offsets into the source text. A renderer works on nodes where it has to know how
 * something was written; everyone else uses the document's `value`.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface Span {
  /** Offset of the first character. */
  readonly start: number;
  /** Offset after the last character. */
  readonly end: number;
}

export interface YamlScalar extends Span {
  readonly kind: 'scalar';
  readonly style: 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';
  /** Whether it is between brackets or braces. */
  readonly inFlow: boolean;
  /** Whether it has a tag such as `!!str`, which decides its type. */
  readonly isTagged: boolean;
  /** Whether a number has a fraction for Kubernetes' parser, though it may be whole, such as `1e3`. */
  readonly isFloat: boolean;
  /** The decoded text, before any type is read into it. */
  readonly text: string;
  /** As a key it may be a number that JSON cannot write. */
  readonly value: ScalarValue;
}

export interface YamlList extends Span {
  readonly kind: 'list';
  readonly inFlow: boolean;
  readonly items: readonly YamlNode[];
}

export interface YamlMap extends Span {
  readonly kind: 'map';
  readonly inFlow: boolean;
  /** In order, each key once; a key that is there twice has its last value. */
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}
