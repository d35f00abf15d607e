import type { GitHubHtml } from './github-html.ts';
import type { Measured } from './measured.ts';
import { writtenIn } from './written.ts';

/** Characters of a comment: GitHub's answer to a longer one is "body is too long (maximum is 65536 characters)". */
const MAX_COMMENT = 65_536;
/** Bytes of the summary of a step: https://docs.github.com/actions/reference/workflow-commands-for-github-actions#adding-a-job-summary */
const MAX_SUMMARY = 1024 * 1024;

/** What is expected of a page. */
export interface Expected {
  readonly kind: 'comment' | 'summary';
  /** Where its links may lead. */
  readonly hosts: readonly string[];
  /** Text from elsewhere that looks like Markdown, and has to be shown as it is. */
  readonly literal?: readonly string[];
}

/** What is wrong with a page as GitHub shows it, each in a sentence. Nothing if it is as its source means it. */
export function pageProblems(
  markdown: string,
  { lost }: GitHubHtml,
  measured: Measured,
  expected: Expected,
): string[] {
  return [
    ...lengthProblems(markdown, expected),
    ...lost.map(what => `the sanitiser removes ${what}`),
    ...structureProblems(markdown, measured),
    ...widthProblems(measured),
    ...textProblems(measured, expected),
    ...linkProblems(measured, expected),
    ...measured.unreadable.map(label => `a label of a diagram cannot be read: ${label}`),
  ];
}

function lengthProblems(markdown: string, { kind }: Expected): string[] {
  const length = kind === 'comment' ? [...markdown].length : Buffer.byteLength(markdown);
  const limit = kind === 'comment' ? MAX_COMMENT : MAX_SUMMARY;
  return length <= limit ? [] : [`the ${kind} is ${length} long, and GitHub takes ${limit}`];
}

function structureProblems(markdown: string, { headings, tables, folds, diagrams }: Measured): string[] {
  const written = writtenIn(markdown);
  const pairs = [
    ['headings of the levels', written.headings, headings.map(({ level }) => level)],
    ['tables with the rows', written.tables, tables.map(({ rows }) => rows)],
    ['folds', [written.folds], [folds]],
    ['diagrams', [written.diagrams], [diagrams]],
  ] as const;
  const problems = pairs
    .filter(([, meant, shown]) => meant.join() !== shown.join())
    .map(([what, meant, shown]) => `${what} ${meant.join()} were written, and ${shown.join()} are shown`);
  // A browser closes it at the end of the page, and shows it as if that had been meant.
  return written.open === 0 ? problems : [...problems, 'a fold is not closed'];
}

function widthProblems({ tables, column, beyond }: Measured): string[] {
  return [
    ...tables
      .filter(({ width }) => width > column + 1)
      .map(({ head, width }) => `the table "${head}" is ${width} px wide, and the column ${column}`),
    ...beyond.map(what => `${what} is wider than the column`),
  ];
}

const RAW: readonly (readonly [RegExp, string])[] = [
  [/^ *\|.*\| *$/m, 'a row of a table'],
  [/<\/?(?:details|summary|sub|code|pre|br)\b/, 'an HTML tag'],
  [/\*\*/, 'asterisks'],
  [/`{3}/, 'a fence'],
  [/^\s*#{1,6} /m, 'a heading'],
  [/\]\(\S/, 'a link'],
  [/&#?\w+;/, 'an entity'],
];

/** In a comment a name after an @ notifies its owner, and a number after a # is a link. */
const NOTIFYING: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\W)@\w/, 'a mention'],
  [/(?:^|\W)#\d/, 'a reference'],
];

function textProblems({ prose, text }: Measured, { kind, literal = [] }: Expected): string[] {
  // In a comment a character without width keeps a name after an @ from being one.
  const shown = literal.map(part => (kind === 'comment' ? part.replace(/[@#]/g, '$&\u200b') : part));
  const missing = shown.filter(part => !text.includes(part));
  const own = shown.reduce((rest, part) => rest.replaceAll(part, ' '), prose);
  return [...missing.map(part => `the page does not show ${part}`), ...rawProblems(own, kind)];
}

function rawProblems(own: string, kind: Expected['kind']): string[] {
  return [...RAW, ...(kind === 'comment' ? NOTIFYING : [])].flatMap(([pattern, what]) => {
    const found = pattern.exec(own);
    return found === null
      ? []
      : [`the text shows ${what}: ${JSON.stringify(own.slice(found.index, found.index + 60))}`];
  });
}

function linkProblems({ links }: Measured, { hosts }: Expected): string[] {
  return links
    .filter(link => !URL.canParse(link) || !isExpected(new URL(link), hosts))
    .map(link => `a link leads to ${link}`);
}

function isExpected({ protocol, host }: URL, hosts: readonly string[]): boolean {
  return protocol === 'https:' && hosts.includes(host);
}
