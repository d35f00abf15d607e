import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether a path, relative to its context, is certainly not sent to the builder. */
export type IsIgnored = (path: string) => boolean;

/**
 * The plain names in a `.dockerignore`: files and folders at the top or, after `**`, anywhere. Other patterns are not evaluated: one
 * file too many in the digest costs a build, and one too few could result in a wrong image.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function parseIgnoreFile(text: string): IsIgnored {
  const patterns = text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  // An exception could include what a plain name ignores.
  if (patterns.some(pattern => pattern.startsWith('!'))) return () => false;
  const plain = patterns.map(pattern => pattern.replace(/^\.?\//, '').replace(/\/$/, ''));
  const top = new Set(plain.filter(pattern => !/[*?[\\]/.test(pattern)));
  const anywhere = new Set(plain.flatMap(pattern => /^\*\*\/([^*?[\\/]+)$/.exec(pattern)?.slice(1) ?? []));
  return path => top.has(path) || anywhere.has(path.replace(/^.*\//, ''));
}

/** The ignore file of a Dockerfile replaces that of the context. */
export async function readIgnoreFile(context: string, dockerfile: string): Promise<IsIgnored> {
  for (const path of [`${dockerfile}.dockerignore`, join(context, '.dockerignore')]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return parseIgnoreFile(text);
  }
  return () => false;
}
