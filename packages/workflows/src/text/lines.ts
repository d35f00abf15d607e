/** The longest line of a generated file, except where one word is longer. */
const WIDTH = 180;
const INDENT = '  ';

export function indented(lines: readonly string[], levels = 1): string[] {
  return lines.map(line => (line === '' ? '' : `${INDENT.repeat(levels)}${line}`));
}

/** Parts joined by commas into as few lines as fit. */
export function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const [index, part] of parts.entries()) {
    const text = index === parts.length - 1 ? part : `${part},`;
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  }
  return lines;
}
