import { randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '@slipway/render';

export { outputFile } from '@slipway/render';

/** Replaces a file as a whole, so that a link which the repository brought is replaced too, and not followed. */
export async function writeJson(path: string, value: object): Promise<void> {
  await writeText(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The same for a text. */
export async function writeText(path: string, text: string): Promise<void> {
  await makeFolder(dirname(path));
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, path);
}
