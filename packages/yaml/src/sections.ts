import type { YamlDocument } from './document.ts';
import { parseDocuments } from './parse.ts';

/** A section is parsed in one go: smaller ones would cost more time, larger ones more memory. */
const SECTION_LENGTH = 64 * 1024;

/** A piece of a file that consists of whole documents. */
export interface Section {
  readonly text: string;
  /** The line of the file that it begins with, from 1. */
  readonly firstLine: number;
}

/**
 * A file in pieces that can be parsed one after another, so that the nodes of 10,000 documents are never in memory at once. A line
 * that begins with `---` ends whatever is before it in YAML, even a text. A file with directives stays whole.
 */
export function* sectionsOf(text: string): Generator<Section> {
  const source = text.startsWith('\u{FEFF}') ? text.slice(1) : text;
  if (source.length <= SECTION_LENGTH || /^%/m.test(source)) {
    yield { text: source, firstLine: 1 };
    return;
  }
  let start = 0;
  let firstLine = 1;
  for (const { index } of source.matchAll(/^---(?=\s)/gm)) {
    if (index - start < SECTION_LENGTH) continue;
    const section = { text: source.slice(start, index), firstLine };
    yield section;
    start = index;
    firstLine += section.text.match(/\r\n?|\n/g)?.length ?? 0;
  }
  yield { text: source.slice(start), firstLine };
}

/** @throws SlipwayError as `parseDocuments`, with positions in the whole file */
export function parseSection({ text, firstLine }: Section, path: string): readonly YamlDocument[] {
  return parseDocuments(text, path, { firstLine });
}
