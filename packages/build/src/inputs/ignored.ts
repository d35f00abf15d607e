import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether a path, relative to its context, is certainly not sent to the builder. */
export type IsIgnored = (path: string) => boolean;

/**
 * The plain part of a `.dockerignore`: names of files and folders, at the top or (`**` before it) anywhere. Other patterns are
 * left alone: a file more in the digest costs a build at most, one less could cost the right one.
 * https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function parseIgnoreFile(text: string): IsIgnored {
  const patterns = text
    .split(/\r?\n/)
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  // An exception could bring back what a plain name leaves out.
  if (patterns.some(pattern => pattern.startsWith('!'))) return () => false;
  const plain = patterns.map(pattern => pattern.replace(/^\.?\//, '').replace(/\/$/, ''));
  const top = new Set(plain.filter(pattern => !/[*?[\\]/.test(pattern)));
  const anywhere = new Set(plain.flatMap(pattern => /^\*\*\/([^*?[\\/]+)$/.exec(pattern)?.slice(1) ?? []));
  return path => top.has(path) || anywhere.has(path.replace(/^.*\//, ''));
}

/** A Dockerfile's own ignore file takes the place of the context's. */
export async function readIgnoreFile(context: string, dockerfile: string): Promise<IsIgnored> {
  for (const path of [`${dockerfile}.dockerignore`, join(context, '.dockerignore')]) {
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return parseIgnoreFile(text);
  }
  return () => false;
}
