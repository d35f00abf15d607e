import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './sources.ts';

/** A row of the style sheet in CONTRIBUTING.md: a word that a native reader stumbles over. */
interface Word {
  /** What to write instead. */
  readonly instead: string;
  readonly pattern: RegExp;
  /** Text that the pattern must find, and text that it must leave alone. */
  readonly wrong: readonly string[];
  readonly right: readonly string[];
}

export const WORDS: readonly Word[] = [
  {
    instead: '"is not a" or "must be", not "is no"',
    pattern: /(?<!\bthere )\b(?:is|are|was|were|be|been) no (?!longer\b|more than\b|less than\b|other\b)/gi,
    wrong: ['input "x" is no address', 'which are no objects'],
    right: ['there is no field "x"', 'it is no longer there', 'is not a number'],
  },
  {
    instead: '"is not one", not "is none"',
    pattern: /(?<!there )\b(?:is|are|was) none\b/gi,
    wrong: ["the image's name is none", 'an annotation that is none'],
    right: ['there is none', 'is not one'],
  },
  {
    instead: '"is", "exists" or "is written", not "stands"',
    pattern: /(?<![-\w])(?:stands?|stood|standing)\b(?!-|\s+for\b|\s+in\s+for\b|\s+in\s+the\s+way\b)/gi,
    wrong: ['it stands in slipway.yaml', 'where secrets may stand'],
    right: ['* stands for any text', 'a stand-in', 'understands', 'a stand-alone tool'],
  },
  {
    instead: '"someone", "anyone", "everyone" or the role, not "somebody"',
    pattern: /\b(?:some|any|every)body(?:'s)?\b/gi,
    wrong: ['somebody has to approve', "anybody's"],
    right: ['someone has to approve', 'the body of a request'],
  },
  {
    instead: '"no one", not "nobody"',
    pattern: /(?<!['"`:-])\bnobody(?:'s)?\b(?!['"`:])/gi,
    wrong: ['nobody waits'],
    right: ['no one waits', 'runs as the user "nobody"'],
  },
  {
    instead: '"fix" or "correct", not "mend"',
    pattern: /\bmend(?:s|ed|ing)?\b/gi,
    wrong: ['mend it', 'was mended'],
    right: ['amend the commit', 'recommended'],
  },
  {
    instead: '"depends on", not "hangs on"',
    pattern: /\b(?:hangs?|hung|hanging) on\b/gi,
    wrong: ['a verdict that hangs on it'],
    right: ['a webhook that hangs', 'depends on it'],
  },
  {
    instead: '"has" or "carries", not "bears"',
    pattern: /\b(?:bears?|bore|borne|bearing)\b/gi,
    wrong: ['a tag cannot bear a MAC', 'bears the annotation'],
    right: ['Bearer token', 'carries a MAC'],
  },
  {
    instead: 'what it must be, not "is nothing"',
    pattern:
      /\b(?:is|are|was) nothing\b(?! (?:to|that|more|else|but)\b)|\bnothing of (?:it|them)sel(?:f|ves)\b/gi,
    wrong: ['input "timeout" is nothing', 'one that says nothing of itself'],
    right: ['there is nothing to do'],
  },
  {
    instead: '"must be" or "has to be", not "wants to be"',
    pattern: /\bwants? to be\b/gi,
    wrong: ['what wants to be signed off'],
    right: ['what must be signed off'],
  },
  {
    instead: '"disappears" or "is removed", not "goes away"',
    pattern: /\b(?:go|goes|went|gone|going) away\b/gi,
    wrong: ['one that goes away', 'a namespace that went away'],
    right: ['one that disappears'],
  },
  {
    instead: '"returns" or "recovers", not "comes back"',
    pattern: /\b(?:comes?|came|coming) back\b/gi,
    wrong: ['the pod comes back'],
    right: ['the pod recovers'],
  },
  {
    instead: '"reports" or "describes", not "tells of"',
    pattern: /\b(?:tells?|told|telling) of\b/gi,
    wrong: ['the log tells of it'],
    right: ['the log reports it'],
  },
  {
    instead: '"crash-looping", not "again and again"',
    pattern: /\b(?:ends?|crash(?:es)?|exits?|dies?)(?: with \d+)? again and again\b/gi,
    wrong: ['container "main" ends again and again', 'exits with 0 again and again'],
    right: ['container "main" is crash-looping'],
  },
  {
    instead: '"again" or "new", not "anew"',
    pattern: /\banew\b/gi,
    wrong: ['is made anew'],
    right: ['is made again'],
  },
  {
    instead: '"is", "are" or "is stored", not "lies"',
    pattern: /\b(?:lies|lie|lay|lain)\b(?! (?:out|to|about)\b)/gi,
    wrong: ['the file lies beside it', 'where credentials lie'],
    right: ['the file is beside it', 'to lay out a page'],
  },
  {
    instead: '"position" (in a file) or "destination", not "place"',
    pattern:
      /(?<!\b(?:in|into|takes?|taking|took) )\b(?:an?|the|its|their|each|every|this|that|another|other|one|two|three|several|these|those|only|all|many|which) (?:same )?places?\b(?! of\b)/gi,
    wrong: ['a message loses its place', 'names two places', 'the place where it was written'],
    right: ['is replaced in place', 'takes its place', 'puts a link in their place', 'in the place of one'],
  },
  {
    instead: 'a whole sentence, not a comment that begins with "Of"',
    pattern: /(?:\/\*\*|\/\/|^\s*\*)\s*Of\b/gm,
    wrong: ['/** Of the name. */', '// Of what is kept'],
    right: ['/** The length of the name. */'],
  },
];

export interface Prose {
  readonly path: string;
  readonly text: string;
}

const FOLDERS = [
  'packages',
  'actions',
  'docs',
  'examples',
  'demo',
  'findings',
  'testbed',
  'testkit',
  'test',
  'bench',
  'tools',
  '.github',
];
const KINDS = /\.(?:ts|md|ya?ml|sh)$/;
/** What others wrote, what is generated from it, and the file that has all the words in it. */
const LEFT_OUT =
  /(?:^|\/)(?:node_modules|lib|dist|generated|schemas|fixtures|\.[a-z]+-cache)\/|^test\/support\/wording\.ts$|^testbed\/go\//;

/** Every file of the project that people read or write: documentation, action files, sources and tests. */
export function readProse(): Prose[] {
  const nested = FOLDERS.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => join(entry.parentPath, entry.name).slice(ROOT.length + 1)),
  );
  const top = readdirSync(ROOT, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => entry.name);
  return [...top, ...nested]
    .filter(path => KINDS.test(path) && !LEFT_OUT.test(path))
    .sort()
    .map(path => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Where a text has words that the style sheet replaces. */
export function findWords(
  text: string,
): { readonly index: number; readonly word: string; readonly instead: string }[] {
  return WORDS.flatMap(({ pattern, instead }) =>
    [...text.matchAll(pattern)].map(match => ({ index: match.index, word: match[0].trim(), instead })),
  );
}

/** The same for a file, as lines that a person can go through: position, word, what to write, and the line. */
export function excerptsOf({ path, text }: Prose): { readonly path: string; readonly excerpt: string }[] {
  const lines = text.split('\n');
  return findWords(text)
    .map(({ index, word, instead }) => ({ line: text.slice(0, index).split('\n').length, word, instead }))
    .filter(({ line, word }) => !isAllowed(path, lines[line - 1] ?? '', word))
    .map(({ line, word, instead }) => ({
      path,
      excerpt: `  ${path}:${line}: "${word}": write ${instead}: ${(lines[line - 1] ?? '').trim().slice(0, 160)}`,
    }));
}

/** Lines that quote such a word for a reason: a name in someone else's interface, or the style sheet itself. */
const ALLOWED: readonly { readonly path: RegExp; readonly line: RegExp }[] = [
  // The places of source-map.json have this name in the published format.
  { path: /source-map/, line: /\bplaces?\b/ },
  { path: /^packages\/render\/src\/manifests\/write-rendered-tree\.ts$/, line: /one line for each place/ },
  { path: /^CONTRIBUTING\.md$/, line: /^\| .* \| .* \|$/ },
];

function isAllowed(path: string, line: string, _word: string): boolean {
  return ALLOWED.some(allowed => allowed.path.test(path) && allowed.line.test(line));
}
