import { SlipwayError } from '@slipway/core';
import { type Event, parseEvents } from 'js-yaml';
import { Composer } from './compose.ts';
import type { YamlDocument } from './document.ts';
import type { YamlErrorCode } from './error-codes.ts';
import { Lines } from './lines.ts';
import { syntaxProblem } from './syntax-problem.ts';

/** Far beyond any manifest: the deepest schemas of CustomResourceDefinitions are nested about 60 deep. */
const MAX_DEPTH = 200;

/**
 * The documents of a YAML or JSON file, read as Kubernetes reads them. Empty documents are left out.
 * @param path relative to the workspace; what messages call the file
 * @throws SlipwayError with all problems found; after an error of syntax nothing more can be found
 */
export function parseDocuments(text: string, path: string): readonly YamlDocument[] {
  const source = text.startsWith('\u{FEFF}') ? text.slice(1) : text;
  const lines = new Lines(path, source);
  const composer = new Composer(path, source, lines, eventsOf(source, lines));
  const documents = composer.documents();
  const [first, ...others] = composer.problems;
  if (first !== undefined) throw new SlipwayError<YamlErrorCode>([first, ...others]);
  return documents;
}

/** @throws SlipwayError `yaml-documents` where the file does not hold exactly one document */
export function parseDocument(text: string, path: string): YamlDocument {
  const [document, second] = parseDocuments(text, path);
  if (document !== undefined && second === undefined) return document;
  throw new SlipwayError<YamlErrorCode>({
    code: 'yaml-documents',
    at: second?.positionOf([]) ?? { path, line: 1, column: 1 },
    message: second === undefined ? 'the file is empty' : 'the file holds a second document',
    remedy: 'keep one document in the file',
  });
}

function eventsOf(source: string, lines: Lines): readonly Event[] {
  const nul = source.indexOf('\0');
  if (nul >= 0)
    throw new SlipwayError<YamlErrorCode>({
      code: 'yaml-encoding',
      at: lines.positionOf({ start: nul, end: nul + 1 }),
      message: 'the file holds a NUL character',
      remedy: 'save it as UTF-8 text',
    });
  try {
    return parseEvents(source, { maxDepth: MAX_DEPTH });
  } catch (cause) {
    const problem = syntaxProblem(cause, source, lines);
    throw problem === undefined ? cause : new SlipwayError<YamlErrorCode>(problem, { cause });
  }
}
