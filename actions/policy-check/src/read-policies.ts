import { formatPointer, type SourceDocument } from '@slipway/core';
import { type ManifestObject, readManifests } from '@slipway/render';

/** @param paths files, folders and globs, relative to the workspace @throws SlipwayError with what is wrong with the files */
export async function readPolicies(paths: readonly string[], workspace: string): Promise<SourceDocument[]> {
  if (paths.length === 0) return [];
  const { objects } = await readManifests(paths, workspace);
  return objects.map(documentOf);
}

function documentOf({ object, file, document, placeOf }: ManifestObject): SourceDocument {
  return {
    path: file,
    index: document,
    value: object,
    positionOf: path => placeOf(formatPointer(path)),
    keyPositionOf: path => placeOf(formatPointer(path)),
  };
}
