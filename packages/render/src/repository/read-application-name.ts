import { posix } from 'node:path';
import { isName, Problems, valueAt } from '@slipway/core';
import type { FileSource } from '../files/file-source.ts';
import { DocumentReader } from '../files/read-documents.ts';

/**
 * The name of an application, for what must have a name even if the rest of its files is broken.
 * @param application the path of slipway.yaml
 * @returns undefined if slipway.yaml cannot be read or has no name that is one
 */
export async function readApplicationName(
  files: FileSource,
  application: string,
): Promise<string | undefined> {
  const reader = new DocumentReader(files, new Problems());
  const document = await reader.single(posix.normalize(application));
  const name = document && valueAt(document.value, ['metadata', 'name']);
  return typeof name === 'string' && isName(name) ? name : undefined;
}
