import { parseEvents, YAMLException } from 'js-yaml';

/** Lines that were indented further, by their index from 0, and by how many spaces. */
export type Padding = ReadonlyMap<number, number>;

export interface PaddedSource {
  readonly text: string;
  readonly padding: Padding;
}

/** Parsing starts again after each line that is indented further; a hostile file must not make it read more characters than this. */
const MAX_CHARACTERS_READ = 50_000_000;

/** A line that begins like this begins a document, whatever is open before it. */
const DOCUMENT_START = /^(?=---(?:\s|$))/m;
const LINE_BREAK = /\r\n?|\n/;

/**
 * Kubernetes' parser does not care how lines between brackets or quotes are indented, so a `}` may be directly below the key
 * that it belongs to. js-yaml follows the specification, which wants them indented deeper than that key. Such lines get more
 * spaces, which have no meaning there; all others stay as they are.
 */
export function padFlowLines(source: string, maxDepth: number): PaddedSource {
  // Directives belong to the document after them, so a file that has any is not taken apart.
  const chunks = /^%/m.test(source) ? [source] : source.split(DOCUMENT_START);
  const padding = new Map<number, number>();
  let line = 0;
  const texts = chunks.map(chunk => {
    const padded = padChunk(chunk, maxDepth);
    for (const [index, spaces] of padded.padding) padding.set(line + index, spaces);
    line += countBreaks(chunk);
    return padded.text;
  });
  return { text: texts.join(''), padding };
}

function padChunk(chunk: string, maxDepth: number): PaddedSource {
  const padding = new Map<number, number>();
  const spaces = ' '.repeat(deepestIndentation(chunk) + 1);
  let text = chunk;
  for (let read = 0; read < MAX_CHARACTERS_READ; read += text.length) {
    const mark = deficientLine(text, maxDepth);
    if (mark === undefined || padding.has(mark.line)) break;
    padding.set(mark.line, spaces.length);
    text = text.slice(0, mark.start) + spaces + text.slice(mark.start);
  }
  const suspect = isParsed(text, maxDepth) ? undefined : firstSuspect(chunk, padding);
  return suspect === undefined ? { text, padding } : paddedBefore(suspect, chunk, padding);
}

function deepestIndentation(text: string): number {
  let deepest = 0;
  for (const [indentation] of text.matchAll(/^[ \t]*/gm)) deepest = Math.max(deepest, indentation.length);
  return deepest;
}

/** The line that js-yaml finds too little indented, if that is what stops it. */
function deficientLine(text: string, maxDepth: number): { line: number; start: number } | undefined {
  try {
    parseEvents(text, { maxDepth });
    return undefined;
  } catch (error) {
    if (!(error instanceof YAMLException) || error.reason !== 'deficient indentation') return undefined;
    const { line, column, position } = error.mark ?? { line: 0, column: 0, position: 0 };
    const start = position - column;
    // The parser reports a tab between two words under the same name, and no indentation fixes that.
    return text.slice(start, position).trim() === '' ? { line, start } : undefined;
  }
}

function isParsed(text: string, maxDepth: number): boolean {
  try {
    parseEvents(text, { maxDepth });
    return true;
  } catch {
    return false;
  }
}

/**
 * If the document is still wrong, someone most likely forgot a bracket or quote before a padded line that closes nothing: that is
 * what has to be reported.
 */
function firstSuspect(chunk: string, padding: Padding): number | undefined {
  const lines = chunk.split(LINE_BREAK);
  return [...padding.keys()].sort((a, b) => a - b).find(line => !/^\s*[\]}]/.test(lines[line] ?? ''));
}

/** The chunk with the lines before the suspect padded, so that the parser stops at it. */
function paddedBefore(suspect: number, chunk: string, padding: Padding): PaddedSource {
  const kept = new Map([...padding].filter(([line]) => line < suspect));
  let line = 0;
  const pad = (start: string): string => start + ' '.repeat(kept.get(line++) ?? 0);
  return { text: chunk.replace(/^|(?:\r\n?|\n)/g, pad), padding: kept };
}

function countBreaks(text: string): number {
  return text.split(LINE_BREAK).length - 1;
}
