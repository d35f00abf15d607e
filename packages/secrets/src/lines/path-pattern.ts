/** A segment of a pattern: no encoding, no query, no backslash, white space or control character. */
const SEGMENT = /^[^/%?#\\\s\u0000-\u001f\u007f]+$/;

/**
 * Whether a text is a pattern of paths: segments between slashes, in which `*` stands for any part of one segment; a last segment
 * `**` stands for one or more of whatever name.
 */
export function isPathPattern(pattern: string): boolean {
  const segments = pattern.split('/');
  return segments.every(
    (segment, index) =>
      SEGMENT.test(segment) &&
      segment !== '.' &&
      segment !== '..' &&
      (!segment.includes('**') || (segment === '**' && index > 0 && index === segments.length - 1)),
  );
}

/** Compared segment by segment, so that no `*` matches a slash. An invalid path matches nothing. */
export function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const found = path.split('/');
  if (found.some(segment => !SEGMENT.test(segment) || segment === '.' || segment === '..')) return false;
  const open = wanted.at(-1) === '**';
  if (open) wanted.pop();
  if (open ? found.length <= wanted.length : found.length !== wanted.length) return false;
  return wanted.every((segment, index) => matchesSegment(segment, found[index] ?? ''));
}

/** By looking for each literal part in turn: time grows with the length only, whatever the pattern. */
function matchesSegment(pattern: string, segment: string): boolean {
  const [first = '', ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) return pattern === segment;
  if (!segment.startsWith(first) || segment.length < first.length + last.length || !segment.endsWith(last))
    return false;
  const end = segment.length - last.length;
  let position = first.length;
  for (const part of parts) {
    const at = segment.indexOf(part, position);
    if (at < 0 || at + part.length > end) return false;
    position = at + part.length;
  }
  return true;
}
