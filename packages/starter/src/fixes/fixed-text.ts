/** An image of a manifest, where it is written. */
export interface WrittenImage {
  /** From 1, of the key or of the value. */
  readonly line: number;
  readonly column: number;
  readonly image: string;
  readonly service: string;
}

/** A character that no text of YAML has: https://yaml.org/spec/1.2.2/#51-character-set */
const MARK = '\u0000';

/**
 * A manifest as a stencil: its images are those of services, and every other `${…}` is text.
 * @returns undefined if an image is not written on its line, as behind an anchor
 */
export function fixedText(text: string, images: readonly WrittenImage[]): string | undefined {
  const lines = text.split('\n');
  // From the end of a line, so that columns stay right.
  for (const one of images.toSorted((a, b) => b.column - a.column)) {
    const line = lines[one.line - 1] ?? '';
    const start = line.indexOf(one.image, one.column - 1);
    if (start < 0) return undefined;
    const isQuoted = /["']/.test(line.charAt(start - 1));
    // A brace inside of braces would end them.
    const quotes = !isQuoted && /[{[]/.test(line.slice(0, start)) ? '"' : '';
    lines[one.line - 1] =
      `${line.slice(0, start)}${quotes}${MARK}${one.service}${MARK}${quotes}${line.slice(start + one.image.length)}`;
  }
  const escaped = lines.join('\n').replaceAll('${', () => '$${');
  return escaped.replaceAll(
    new RegExp(`${MARK}([a-z0-9-]+)${MARK}`, 'g'),
    (_, service) => `\${image.${service}}`,
  );
}
