import type { Problem, Rendered, SourceMap } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { ManifestObject } from './manifest-object.ts';

/** The result of rendering one target, or of reading it back. */
export interface RenderedDestination {
  /** The folder of rendered.json; absent before it is written. */
  readonly directory?: string;
  readonly rendered: Rendered;
  /** In the order of `rendered.files`. */
  readonly objects: readonly ManifestObject[];
  readonly sourceMap: SourceMap;
  /** The text of each of `rendered.files`. */
  readonly manifests: ReadonlyMap<string, string>;
  /** The warnings of rendering; empty when read back. */
  readonly warnings: readonly Problem<RenderErrorCode>[];
}
