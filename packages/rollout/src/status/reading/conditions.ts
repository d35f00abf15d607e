import {
  CUSTOM_RESOURCE_FAILED,
  CUSTOM_RESOURCE_HINT,
  CUSTOM_RESOURCE_LACKS,
  CUSTOM_RESOURCE_REFUSED,
} from '../../windows.ts';
import type { Condition } from '../conditions.ts';
import { isFailureReport, reportsFailure } from './sentences.ts';
import type { Statement } from './statement.ts';
import {
  type Cause,
  causeOf,
  isAbility,
  isActivity,
  isAtWork,
  isBeginning,
  isDeed,
  isEndOfWay,
  isHeldBack,
  isJudgement,
  isOfOtherTime,
  isOutright,
  polarityOf,
} from './words.ts';

/** Conditions that speak for the whole object, the most telling first. */
const SUMMARIES = [
  'Ready',
  'Available',
  'Succeeded',
  'Complete',
  'Completed',
  'Healthy',
  'Programmed',
  'Accepted',
];

/** What has to be so beside another summary: a summary that is True may be about less. */
const ALSO_NEEDED = new Set(['Available', 'Healthy']);

export interface ConditionList {
  readonly conditions: readonly Condition[];
  /** Where the list is, such as `status.conditions` or `status.parents[0].conditions`. */
  readonly path: string;
  /** The object's newest generation. */
  readonly generation: number | undefined;
  /** Whether such an object ends by itself, so that one that runs has yet to end. */
  readonly endsByItself: boolean;
}

/** What a list of conditions says, the deciding statement first; empty where it says nothing. */
export function readConditions(given: ConditionList): readonly Statement[] {
  const list = { ...given, conditions: given.conditions.map(withStatus) };
  const current = withoutHistory(list.conditions).filter(
    condition => condition.type !== '' && !isStale(condition, list.generation),
  );
  const isBusy = current.some(({ type, status }) => status === 'True' && polarityOf(type) === 'under way');
  const said = current.flatMap(condition => failures(condition, list, isBusy));
  const stopped = current.flatMap(condition => stops(condition, list));
  const told = [...said, ...stopped, ...readiness(list, current)];
  return [...told, ...current.flatMap(condition => failsByReason(condition, list, told.length === 0))];
}

/** A fault that is listed without a status is there. */
function withStatus(condition: Condition): Condition {
  if (condition.status !== '') return condition;
  return { ...condition, status: polarityOf(condition.type) === 'bad' ? 'True' : 'Unknown' };
}

/**
 * The conditions that are about the present. Some operators, such as Percona's, keep each state that an object was in, in lower case,
 * as one more condition that is True; the last one is that of now.
 */
function withoutHistory(conditions: readonly Condition[]): readonly Condition[] {
  const isHistory =
    conditions.length > 1 &&
    conditions.every(({ type, status }) => status === 'True' && /^[a-z][^/.]*$/.test(type));
  return isHistory ? conditions.slice(-1) : conditions;
}

/** That something is active or running, for where nothing else says whether it works. */
export function readActivity(list: ConditionList): readonly Statement[] {
  return list.conditions
    .filter(({ type, status }) => status === 'True' && isActivity(type))
    .filter(condition => !isStale(condition, list.generation) && !list.endsByItself)
    .map(condition => statement('works', condition, list));
}

/** That something is on its way by its reason alone, for where nothing else says anything. */
export function readHesitation(list: ConditionList): readonly Statement[] {
  return list.conditions
    .filter(
      ({ type, status }) => status === 'False' && polarityOf(type) === undefined && !isOfOtherTime(type),
    )
    .filter(({ reason }) => causeOf(reason) === 'on its way')
    .map(condition => statement('waits', condition, list));
}

/**
 * Where the name of a condition says nothing, a reason that does is a hint. Beside others that speak, a condition may well be False
 * for good: what is not active, was not done, or cannot be done.
 */
function failsByReason(condition: Condition, list: ConditionList, isAlone: boolean): readonly Statement[] {
  const { status, reason, severity, type } = condition;
  const polarity = polarityOf(type);
  if (severity === 'Info' || isOfOtherTime(type) || isSame(reason, type)) return [];
  const cause = causeOf(reason);
  const isPlain = cause === 'failed' && isOutright(reason);
  const isNeutral = status === 'False' && polarity === undefined;
  const isOpen =
    status === 'Unknown' && (polarity === undefined || polarity === 'good') && !list.endsByItself;
  const mayBeFalse = isAbility(type) || isActivity(type) || isDeed(type);
  const fails =
    (isNeutral && isAlone && (cause === 'failed' || cause === 'lacking')) ||
    (isNeutral && isPlain && !mayBeFalse) ||
    (isOpen && isPlain);
  return fails ? [statement('failed', condition, list, CUSTOM_RESOURCE_HINT)] : [];
}

/** A reason that repeats the name of its condition does not say why it is False. */
function isSame(reason: string, type: string): boolean {
  return reason === type.replace(/^.*[/.]/, '');
}

/** Zero is what controllers write that keep no generation. */
function isStale({ observedGeneration }: Condition, generation = 0): boolean {
  return observedGeneration !== undefined && observedGeneration > 0 && observedGeneration < generation;
}

/** While something is under way, what is lacking may be just that, and an error may be about to be cleared. */
function failures(condition: Condition, list: ConditionList, isBusy: boolean): readonly Statement[] {
  const after = failsAfter(condition);
  const polarity = polarityOf(condition.type);
  const isAbout = polarity === 'bad' || polarity === 'under way';
  const certainAfter = isBusy && !isAbout && condition.severity !== 'Error' ? whileBusy(after) : after;
  return certainAfter === undefined ? [] : [statement('failed', condition, list, certainAfter)];
}

function whileBusy(after: number | undefined): number | undefined {
  return after === CUSTOM_RESOURCE_REFUSED ? CUSTOM_RESOURCE_HINT : undefined;
}

/** After how long a condition means a failure; undefined where it does not mean one. */
function failsAfter(condition: Condition): number | undefined {
  const { type, status, reason, severity } = condition;
  const polarity = polarityOf(type);
  const cause = causeOf(reason);
  if (severity === 'Info') return undefined;
  if (polarity === 'bad' && status === 'True') return failsByName(condition, cause);
  if (polarity === 'under way' && status === 'True' && isFailureReport(reason)) return CUSTOM_RESOURCE_HINT;
  if (status !== 'False' || polarity === 'bad' || polarity === 'stopped') return undefined;
  if (severity === 'Error') return CUSTOM_RESOURCE_REFUSED;
  if (polarity === undefined && !isDeed(type)) return undefined;
  const after = failsByCause(cause, condition);
  return severity === 'Warning' && after !== undefined ? CUSTOM_RESOURCE_HINT : after;
}

/** `NotReady` is said while an object is being made, too; `Failed` is not. */
function failsByName({ type, message }: Condition, cause: Cause): number | undefined {
  if (/recoverable$/i.test(type) && !/(?:un|non|not|ir)-?recoverable$/i.test(type))
    return reportsFailure(message) || isFailureReport(message) ? CUSTOM_RESOURCE_HINT : undefined;
  const onlyNotThere = /^(?:not|un)[A-Za-z]*(?:ready|available)$/i.test(type);
  if (cause === 'on its way') return onlyNotThere ? undefined : CUSTOM_RESOURCE_HINT;
  if (onlyNotThere) return failsAfterCause(cause);
  return CUSTOM_RESOURCE_FAILED;
}

function failsByCause(cause: Cause, { type, reason, message }: Condition): number | undefined {
  const after = failsAfterCause(cause);
  if (after !== undefined || polarityOf(type) !== 'good') return after;
  const reports = reason === '' ? reportsFailure(message) : isFailureReport(message);
  return reports || (cause === undefined && isJudgement(type)) ? CUSTOM_RESOURCE_HINT : undefined;
}

function failsAfterCause(cause: Cause): number | undefined {
  if (cause === 'failed') return CUSTOM_RESOURCE_REFUSED;
  if (cause === 'lacking') return CUSTOM_RESOURCE_LACKS;
  return cause === 'perhaps' ? CUSTOM_RESOURCE_HINT : undefined;
}

function stops(condition: Condition, list: ConditionList): readonly Statement[] {
  const { type, status, reason } = condition;
  const polarity = polarityOf(type);
  return (polarity === 'stopped' && status === 'True') ||
    (polarity === 'good' && status === 'False' && isHeldBack(reason))
    ? [statement('stopped', condition, list)]
    : [];
}

function readiness(list: ConditionList, current: readonly Condition[]): readonly Statement[] {
  const hasEnded = current.some(({ type, status }) => status === 'True' && isEnd(type));
  const underWay = current.find(condition => isUnderWay(condition, list, hasEnded));
  if (underWay !== undefined) return [statement('waits', underWay, list)];
  const telling = tellingOf(withoutHistory(list.conditions));
  const stale = telling.find(condition => isStale(condition, list.generation));
  if (stale !== undefined) return [outdated(stale, list)];
  const open = telling.find(({ status }) => status !== 'True');
  if (open !== undefined) return [statement('waits', open, list)];
  const [first] = telling;
  return first === undefined ? [] : [statement('works', first, list)];
}

/** The summary where there is one, otherwise all that promise something. */
function tellingOf(conditions: readonly Condition[]): readonly Condition[] {
  const summary = SUMMARIES.flatMap(type => conditions.find(condition => condition.type === type) ?? [])[0];
  if (summary !== undefined)
    return [summary, ...conditions.filter(one => one !== summary && ALSO_NEEDED.has(one.type))];
  return conditions.filter(({ type }) => polarityOf(type) === 'good' && !isBeginning(type));
}

/** What is under way, or has no failure behind it although its name is a bad one. */
function isUnderWay(condition: Condition, { endsByItself }: ConditionList, hasEnded: boolean): boolean {
  const { type, status, reason, severity } = condition;
  if (status !== 'True') return false;
  const polarity = polarityOf(type);
  if (polarity === 'bad') return severity !== 'Info' && failsAfter(condition) === undefined;
  return polarity === 'under way' ? !isEndOfWay(reason) : endsByItself && !hasEnded && isAtWork(type);
}

function isEnd(type: string): boolean {
  return /^(?:Complete|Completed|Succeeded)$/.test(type);
}

function outdated({ type, observedGeneration }: Condition, { path, generation }: ConditionList): Statement {
  const field = `${path}[${type}]`;
  return {
    says: 'waits',
    path: field,
    text: `${field} is about generation ${observedGeneration}, not ${generation}`,
    reason: 'OutOfDate',
    certainAfter: Number.POSITIVE_INFINITY,
  };
}

function statement(
  says: Statement['says'],
  condition: Condition,
  { path }: ConditionList,
  certainAfter = Number.POSITIVE_INFINITY,
): Statement {
  const { type, status, reason, message } = condition;
  const why = [reason, message].filter(text => text !== '').join(': ');
  const field = `${path}[${type}]`;
  const text = `${field} is ${status}${why === '' || says === 'works' ? '' : ` (${why})`}`;
  return { says, path: field, text, reason: reason || type, certainAfter };
}
