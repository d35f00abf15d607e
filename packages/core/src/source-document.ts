import type { JsonValue, Path } from './json.ts';
import type { Position } from './position.ts';

/**
 * One document of a YAML or JSON file with the positions of everything in it. Readers in this package take it as an interface,
 * so that they need no parser; `@slipway/yaml` makes it.
 */
export interface SourceDocument {
  /** Relative to the workspace, with forward slashes. */
  readonly path: string;
  /** Which document of the file, from 0. */
  readonly index: number;
  readonly value: JsonValue;
  /** Where the value at `path` begins, or its nearest existing parent if there is no such value. */
  positionOf(path: Path): Position;
  /** Where the key that leads to `path` begins; for an item of a list the item itself. */
  keyPositionOf(path: Path): Position;
}
