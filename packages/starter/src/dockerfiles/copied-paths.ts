/** `COPY` and `ADD` of files of the context, with the lines that they continue on. */
const COPIES = /^[ \t]*(?:COPY|ADD)[ \t]+((?:[^\\\n]|\\[^\n]|\\\n)*)/gim;

/**
 * The paths of the context that a Dockerfile copies, without those that have a pattern or a variable.
 * https://docs.docker.com/reference/dockerfile/#copy
 */
export function copiedPaths(dockerfile: string): string[] {
  return [...dockerfile.matchAll(COPIES)].flatMap(([, line = '']) => sourcesOf(line.replaceAll('\\\n', ' ')));
}

function sourcesOf(line: string): string[] {
  const words = line.trim().split(/\s+/);
  if (words.some(word => word.startsWith('--from='))) return [];
  const paths = words.filter(word => !word.startsWith('--')).map(word => word.replaceAll(/^\[|[",\]]/g, ''));
  return paths
    .slice(0, -1)
    .map(path => path.replace(/^\.?\//, '').replace(/\/$/, ''))
    .filter(path => /^[\w@][\w@./-]*$/.test(path) && !path.includes('..'));
}
