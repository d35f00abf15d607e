import { posix } from 'node:path';
import { defined, type Path, type Problem, quote } from '@slipway/core';
import type { RenderErrorCode } from '../../error-codes.ts';
import type { NamedPath } from '../workspace-paths.ts';
import { type FormationSource, nearestField, type SourceLayer } from '../written-sources.ts';

export type PlainFormationSource = Extract<FormationSource, { tool: 'manifests' }>;

/** What is read for a source of plain manifests. Paths are relative to the workspace. */
export interface PlainRequest {
  readonly source: string;
  readonly paths: readonly NamedPath[];
  readonly exclude: readonly NamedPath[];
  /** Whether `${…}` is a placeholder. */
  readonly placeholders: 'keep' | 'fill';
}

/**
 * What a source asks for; undefined, with a problem, if it names no paths.
 * @param directory the folder of slipway.yaml, relative to the workspace
 */
export function plainRequest(
  { name, layers }: PlainFormationSource,
  directory: string,
  report: (problem: Problem<RenderErrorCode>) => void,
): PlainRequest | undefined {
  const paths = nearestField(layers, 'paths');
  const exclude = nearestField(layers, 'exclude');
  if (paths === undefined) {
    const own = layers.at(-1);
    report({
      code: 'source-invalid',
      ...defined({ at: own?.file.document.keyPositionOf(own.path) }),
      message: `the source ${quote(name)} has no paths`,
      remedy: 'add "paths"',
    });
    return undefined;
  }
  return {
    source: name,
    paths: namedPaths(paths, directory),
    exclude: exclude === undefined ? [] : namedPaths(exclude, directory),
    placeholders: nearestField(layers, 'placeholders')?.value ?? 'keep',
  };
}

interface Field {
  readonly value: readonly string[];
  readonly layer: SourceLayer<unknown>;
  readonly path: Path;
}

function namedPaths({ value, layer, path }: Field, directory: string): NamedPath[] {
  return value.map((one, index) => ({
    path: posix.join(directory, one).replace(/\/+$/, ''),
    at: layer.file.document.positionOf([...path, index]),
  }));
}
