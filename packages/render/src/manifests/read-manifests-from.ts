import { matchesGlob, posix } from 'node:path';
import { Problems } from '@slipway/core';
import { decodeText } from '@slipway/yaml';
import type { RenderErrorCode } from '../error-codes.ts';
import type { FileSource } from '../files/file-source.ts';
import { isManifestFile } from '../files/read-documents.ts';
import { RecentSections } from './kept-section.ts';
import { type PlainManifests, parsePlain } from './parse-plain.ts';

/**
 * Plain manifests from any source of files, such as another commit. A path that does not exist there is skipped, since it may have been
 * added later.
 * @param paths files, folders and globs, relative to the root of the source
 * @throws SlipwayError with the problems of all files at once
 */
export async function readManifestsFrom(
  files: FileSource,
  paths: readonly string[],
): Promise<PlainManifests> {
  const problems = new Problems<RenderErrorCode>();
  const found = new Set<string>();
  for (const path of paths)
    await problems.collect(async () => {
      for (const file of await expand(files, posix.normalize(path))) found.add(file);
    });
  const recent = new RecentSections();
  const read = await Promise.all(
    [...found].sort().map(async path =>
      problems.collect(async () => {
        const bytes = (await files.read(path)) ?? new Uint8Array();
        return await parsePlain(decodeText(bytes, path), path, problems, recent);
      }),
    ),
  );
  problems.throwIfAny();
  return {
    objects: read.flatMap(part => part?.objects ?? []),
    warnings: read.flatMap(part => part?.warnings ?? []),
  };
}

async function expand(files: FileSource, path: string): Promise<readonly string[]> {
  if ((await files.read(path)) !== undefined) return [path];
  const below = await files.list(path);
  if (below.length > 0 || !/[*?[{]/.test(path)) return below.filter(isManifestFile);
  const fixed = path.slice(0, path.search(/[*?[{]/)).replace(/[^/]*$/, '');
  return (await files.list(fixed === '' ? '.' : fixed)).filter(
    file => isManifestFile(file) && matchesGlob(file, path),
  );
}
