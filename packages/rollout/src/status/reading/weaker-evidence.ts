import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { type KubernetesObject, objectAt, textAt } from '@slipway/kubernetes';
import { oneLine } from '../../text.ts';
import { CUSTOM_RESOURCE_HINT } from '../../windows.ts';
import { LONGEST_WORD } from '../conditions.ts';
import { readCounts } from './counts.ts';
import { errorText } from './error-text.ts';
import { readItems } from './items.ts';
import { reportsFailure } from './sentences.ts';
import type { Statement } from './statement.ts';
import { endsByItself, isNotYet, type Meaning, meaningOfState, wordsOf } from './words.ts';

/** What the last word of a field is that holds the state of something in one word. */
const STATES = new Set(['phase', 'state', 'status', 'health', 'stage', 'verdict', 'progress', 'robustness']);

/** Words in a field's name by which it is about another time, or not about what it is now. */
const OTHER_TIMES = new Set(
  'desired expected last next old power previous requested target upgrade wanted'.split(' '),
);

/** What the last word of a boolean is that is true of what works. */
const PROMISES = new Set(
  (
    'applied available bound complete completed deployed established healthy initialized installed programmed provisioned ready ' +
    'reconciled succeeded successful synced use valid'
  ).split(' '),
);

/** What the last word of a boolean is that is true of what does not work. */
const REPORTS = new Set('degraded error failed invalid stalled unhealthy'.split(' '));

const ERRORS = new Set(['error', 'errors', 'failure', 'failures', 'problems']);

/**
 * What fields say that no convention describes. Such a field may mean less than it says, so that a failure among them counts only
 * after a long time.
 */
export interface WeakerEvidence {
  /** Words, as in `phase`. */
  readonly words: readonly Statement[];
  /** Booleans, such as `readyToUse`, and numbers of replicas. */
  readonly facts: readonly Statement[];
  /** Texts of errors, which may be older than what else is said. */
  readonly errors: readonly Statement[];
}

export function readWeakerEvidence(object: KubernetesObject): WeakerEvidence {
  const status = objectAt(object, 'status') ?? {};
  const fields = Object.entries(status);
  const why = explanation(status);
  return {
    words: fields.flatMap(([name, value]) => readField(object, name, value, why)),
    facts: [...fields.flatMap(([name, value]) => readFlag(name, value, why)), ...readCounts(object)],
    errors: [...fields.flatMap(([name, value]) => readError(name, value)), ...readItems(object)].slice(
      0,
      MOST_ERRORS,
    ),
  };
}

/** @param why the text of the status that explains it */
function readField(
  object: KubernetesObject,
  name: string,
  value: JsonValue,
  why: string,
): readonly Statement[] {
  const words = wordsOf(name);
  const path = `status.${oneLine(name, LONGEST_WORD)}`;
  if (typeof value === 'string') return isState(words) ? stated(object, path, value, why) : [];
  // The last operation is the one under way, unlike the last backup.
  if (!isJsonObject(value) || (isFieldOfOtherTime(words) && name !== 'lastOperation')) return [];
  return Object.entries(value).flatMap(([inner, text]) =>
    typeof text === 'string' && isState(wordsOf(inner))
      ? stated(object, `${path}.${inner}`, text, explanation(value))
      : [],
  );
}

/** So many errors are told; a status may list thousands. */
const MOST_ERRORS = 20;

/** The status of a condition says nothing without the condition's type. */
function isState(words: readonly string[]): boolean {
  return STATES.has(words.at(-1) ?? '') && words.at(-2) !== 'condition' && !isFieldOfOtherTime(words);
}

/** What was observed last is what is so now. */
function isFieldOfOtherTime(words: readonly string[]): boolean {
  return words.some((word, index) => OTHER_TIMES.has(word) && words[index + 1] !== 'observed');
}

const SAYS: Readonly<Record<Exclude<Meaning, undefined>, Statement['says']>> = {
  good: 'works',
  bad: 'failed',
  'under way': 'waits',
  stopped: 'stopped',
};

function stated(object: KubernetesObject, path: string, value: string, why: string): readonly Statement[] {
  const meaning = meaningOfState(value, endsByItself(object.kind));
  if (meaning === undefined) return [];
  const word = oneLine(value, LONGEST_WORD);
  const isFault = meaning === 'under way' && isNotYet(value) && reportsFailure(why);
  return [
    said(
      isFault ? 'failed' : SAYS[meaning],
      path,
      `${path} is ${word}${meaning === 'good' ? '' : why}`,
      word,
    ),
  ];
}

/** The text beside a word that explains it. */
function explanation(status: JsonObject): string {
  const text = ['message', 'errorMessage', 'error', 'description', 'reason']
    .map(field => textAt(status, field) ?? '')
    .find(found => found !== '');
  return text === undefined ? '' : ` (${oneLine(text)})`;
}

function readFlag(name: string, value: JsonValue, why: string): readonly Statement[] {
  const flag = flagOf(value);
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  if (flag === undefined || isFieldOfOtherTime(words)) return [];
  const field = oneLine(name, LONGEST_WORD);
  const path = `status.${field}`;
  if (REPORTS.has(last)) return flag ? [said('failed', path, `${path} is true${why}`, field)] : [];
  if (!PROMISES.has(last)) return [];
  if (flag) return [said('works', path, `${path} is true`, field)];
  return [said(reportsFailure(why) ? 'failed' : 'waits', path, `${path} is false${why}`, field)];
}

/** A boolean, which some controllers write as text. */
function flagOf(value: JsonValue): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' && /^(?:true|false)$/i.test(value)
    ? value.toLowerCase() === 'true'
    : undefined;
}

/** Words that may follow the one for an error where the field still holds its text: `failureMessage`, but not `failurePolicy`. */
const TEXTS: ReadonlySet<string> = new Set(
  'cause causes description detail details info log message messages reason reasons string text'.split(' '),
);

function namesError(words: readonly string[]): boolean {
  return words.some(
    (word, index) => ERRORS.has(word) && words.slice(index + 1).every(next => TEXTS.has(next)),
  );
}

function readError(name: string, value: JsonValue, parent = 'status'): readonly Statement[] {
  const words = wordsOf(name);
  if (isFieldOfOtherTime(words)) return [];
  const path = `${parent}.${oneLine(name, LONGEST_WORD)}`;
  if (!namesError(words))
    return isJsonObject(value) && parent === 'status'
      ? Object.entries(value).flatMap(([inner, text]) => readError(inner, text, path))
      : [];
  const text = errorText(value);
  if (text === '') return [];
  return [said('failed', path, `${path} is ${oneLine(text)}`, 'Error')];
}

function said(says: Statement['says'], path: string, text: string, reason: string): Statement {
  const certainAfter = says === 'failed' ? CUSTOM_RESOURCE_HINT : Number.POSITIVE_INFINITY;
  return { says, path, text, reason: reason === '' ? 'Failed' : reason, certainAfter };
}
