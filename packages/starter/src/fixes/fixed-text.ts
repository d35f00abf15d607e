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

/** Images that are not written on their line, as behind an alias or in a block of several lines, and that cannot be edited. */
export function notOnTheirLine(text: string, images: readonly WrittenImage[]): WrittenImage[] {
  const lines = text.split('\n');
  return images.filter(one => startOf(one, lines[one.line - 1] ?? '') < 0);
}

/** A manifest as a stencil: its images are those of services if they are on their line, and every other `${…}` is text. */
export function fixedText(text: string, images: readonly WrittenImage[]): string {
  const lines = text.split('\n');
  // From the end of a line, so that columns stay right.
  for (const one of images.toSorted((a, b) => b.column - a.column)) {
    const line = lines[one.line - 1] ?? '';
    const start = startOf(one, line);
    if (start < 0) continue;
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

function startOf({ image, column }: WrittenImage, line: string): number {
  return line.indexOf(image, column - 1);
}
