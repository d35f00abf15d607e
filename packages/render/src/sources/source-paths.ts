import { posix } from 'node:path';
import { SlipwayError } from '@slipway/core';
import type { FileSource } from '../files/file-source.ts';
import type { Repository } from '../repository/repository.ts';
import { foldersBelow } from './kustomize/folders-below.ts';
import { type FormationSource, nearestField, sourcesOf } from './written-sources.ts';

/**
 * The files and folders that the sources of an application's formations are made from: charts, their files of values, and Kustomize
 * directories with all that these build on. What is wrong with a source is reported where it is rendered.
 * @returns paths in the workspace, sorted
 */
export async function sourcePaths(
  files: FileSource,
  { formationFiles, directory }: Pick<Repository, 'formationFiles' | 'directory'>,
): Promise<readonly string[]> {
  const sources = [...formationFiles.values()].flatMap(file => sourcesOf(file, () => undefined));
  const found = await Promise.all(sources.map(source => pathsOf(source, files, directory)));
  return [...new Set(found.flat())].sort();
}

async function pathsOf(
  source: FormationSource,
  files: FileSource,
  directory: string,
): Promise<readonly string[]> {
  if (source.tool === 'kustomize') {
    const folder = nearestField(source.layers, 'directory')?.value;
    return folder === undefined ? [] : await builtOn(files, posix.join(directory, folder));
  }
  if (source.tool === 'manifests') {
    const paths = nearestField(source.layers, 'paths')?.value ?? [];
    return paths.map(path => posix.join(directory, path));
  }
  const chart = nearestField(source.layers, 'chart')?.value;
  const values = source.layers.flatMap(({ written }) => written['values-files'] ?? []);
  return [...(chart === undefined ? [] : [chart]), ...values].map(path => posix.join(directory, path));
}

async function builtOn(files: FileSource, folder: string): Promise<readonly string[]> {
  try {
    return await foldersBelow(files, folder);
  } catch (error) {
    if (error instanceof SlipwayError) return [folder];
    throw error;
  }
}
