import { posix } from 'node:path';
import { isName, Problems, valueAt } from '@slipway/core';
import { filesBelow } from '../files/file-source.ts';
import { DocumentReader } from '../files/read-documents.ts';
import type { RepositoryOptions } from './read-repository.ts';

/**
 * The name of an application, for what must have a name even if the rest of its files is broken.
 * @returns undefined if slipway.yaml cannot be read or has no name that is one
 */
export async function readApplicationName({
  workspace,
  application,
}: RepositoryOptions): Promise<string | undefined> {
  const reader = new DocumentReader(filesBelow(workspace), new Problems());
  const document = await reader.single(posix.normalize(application));
  const name = document && valueAt(document.value, ['metadata', 'name']);
  return typeof name === 'string' && isName(name) ? name : undefined;
}
