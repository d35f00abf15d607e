import { defined, SlipwayError, throwIfAny } from '@slipway/core';
import { type Event, parseEvents } from 'js-yaml';
import { Composer } from './compose.ts';
import type { YamlDocument } from './document.ts';
import type { YamlErrorCode } from './error-codes.ts';
import { type Padding, padFlowLines } from './flow-indentation.ts';
import { Lines } from './lines.ts';
import { isRegularText } from './regular.ts';
import { isIndentationError, syntaxProblem } from './syntax-problem.ts';

/** Far beyond any manifest: the deepest schemas of CustomResourceDefinitions are nested about 60 deep. */
const MAX_DEPTH = 200;

export interface ParseOptions {
  /** The line of the file that the text begins with, where it is a part of one. */
  readonly firstLine?: number;
  /** The commit that has the file, a full id, if it is not in the workspace. */
  readonly revision?: string | undefined;
}

/**
 * The documents of a YAML or JSON file, read as Kubernetes reads them. Empty documents are left out.
 * @param path relative to the workspace; what messages call the file
 * @throws SlipwayError with all problems found; after a syntax error no more can be found
 */
export function parseDocuments(
  text: string,
  path: string,
  { firstLine = 1, revision }: ParseOptions = {},
): readonly YamlDocument[] {
  const source = text.startsWith('\u{FEFF}') ? text.slice(1) : text;
  const linesOf: LinesOf = (shown, padding) => new Lines(path, shown, firstLine, padding, revision);
  refuseStrangeCharacters(source, linesOf(source));
  const { lines, padded, events } = eventsOf(source, linesOf);
  const isRegular = padded === source && isRegularText(source);
  const composer = new Composer({ path, source: padded, lines, events, isRegular });
  const documents = composer.documents();
  throwIfAny(composer.problems);
  return documents;
}

/** @throws SlipwayError `yaml-documents` where the file does not hold exactly one document */
export function parseDocument(text: string, path: string, options: ParseOptions = {}): YamlDocument {
  const [document, second] = parseDocuments(text, path, options);
  if (document !== undefined && second === undefined) return document;
  const { revision } = options;
  throw new SlipwayError<YamlErrorCode>({
    code: 'yaml-documents',
    at: second?.positionOf([]) ?? { path, line: 1, column: 1, ...defined({ revision }) },
    message: second === undefined ? 'the file is empty' : 'the file contains a second document',
    remedy: 'keep one document in the file',
  });
}

/** NUL ends js-yaml's text, and some line separators of Kubernetes' parser are ordinary characters to js-yaml. */
function refuseStrangeCharacters(source: string, lines: Lines): void {
  const offset = source.search(/[\0\u0085\u2028\u2029]/);
  if (offset < 0) return;
  const isNul = source[offset] === '\0';
  throw new SlipwayError<YamlErrorCode>({
    code: isNul ? 'yaml-encoding' : 'yaml-syntax',
    at: lines.positionOf({ start: offset, end: offset + 1 }),
    message: isNul
      ? 'the file contains a NUL character'
      : 'this is a line separator that parsers disagree about',
    remedy: isNul ? 'save it as UTF-8 text' : 'remove it or write it as an escape in double quotes',
  });
}

type LinesOf = (text: string, padding?: Padding) => Lines;

interface Parsed {
  /** The text into which the offsets of the events point. */
  readonly padded: string;
  readonly lines: Lines;
  readonly events: readonly Event[];
}

function eventsOf(source: string, linesOf: LinesOf): Parsed {
  try {
    const events = parseEvents(source, { maxDepth: MAX_DEPTH });
    return { padded: source, lines: linesOf(source), events };
  } catch (error) {
    if (!isIndentationError(error)) throw asProblem(error, source, linesOf(source));
  }
  const { text: padded, padding } = padFlowLines(source, MAX_DEPTH);
  const lines = linesOf(padded, padding);
  try {
    return { padded, lines, events: parseEvents(padded, { maxDepth: MAX_DEPTH }) };
  } catch (error) {
    throw asProblem(error, padded, lines);
  }
}

function asProblem(cause: unknown, source: string, lines: Lines): unknown {
  const problem = syntaxProblem(cause, source, lines);
  return problem === undefined ? cause : new SlipwayError<YamlErrorCode>(problem, { cause });
}
