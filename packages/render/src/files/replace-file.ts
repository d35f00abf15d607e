import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/**
 * Writes a file, and its folder where there is none, by replacing it as a whole: a link that the repository put there is replaced too,
 * and not followed.
 * @param path absolute
 * @param text as a whole, or in pieces where it is large
 */
export async function replaceFile(path: string, text: string | Iterable<string>): Promise<void> {
  await makeFolder(dirname(path));
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, path);
}
