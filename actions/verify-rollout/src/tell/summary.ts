import { type CheckResult, count, type ObjectVerdict, type Release } from '@slipway/core';
import { describeObject, objectKey } from '@slipway/kubernetes';
import { code, codeBlock, details, escapeMarkdown, table, verdictHeadline } from '@slipway/report';
import { restorationLines } from '../end/restoration.ts';
import type { Watched } from '../watch/watch.ts';
import type { Ending } from './ending.ts';
import { gantt } from './gantt.ts';
import type { Happenings, Writing } from './timeline-rows.ts';

/** Rows of the table; what is not ready comes first. */
const MAX_ROWS = 200;

/** Evidence of failures that is shown unfolded. */
const MAX_OPEN_EVIDENCE = 3;

/** A taller timeline would push away what is below it, in pixels. */
const MAX_OPEN_ROWS = 12;

const SIGNS: Readonly<Record<ObjectVerdict['status'], string>> = {
  ready: '✅ ready',
  unknown: '❔ unknown',
  'already-failing': '⚠️ failing before',
  'in-progress': '⏳ in progress',
  failed: '❌ failed',
};

/**
 * What a person wants to see of it, in the order in which it is asked for: how it ended, why, what it changed, by whom; then each object
 * that needs attention with its evidence, and what is ready folded; then when what happened, and the same of a rollback.
 */
export function summaryOf(ending: Ending): string {
  const { verdict, release, before, run, restored } = ending;
  return [
    verdictHeadline(verdict, release, { before, run }),
    ...whatWasSeen(verdict.objects, verdict.checks),
    timeline({
      ...ending,
      changes: changesOfApplied(ending),
      written: release && writingOf(release),
      finished: verdict.finished,
    }),
    ...(restored === undefined ? [] : ['\n### After the rollback\n\n', ...afterRollback(restored, verdict)]),
  ].join('');
}

function changesOfApplied({ changes, verdict }: Ending): Ending['changes'] {
  const notApplied = new Set(verdict.objects.filter(isNotApplied).map(({ object }) => objectKey(object)));
  return changes.filter(({ object }) => !notApplied.has(objectKey(object)));
}

function whatWasSeen(
  objects: readonly ObjectVerdict[],
  checks: readonly CheckResult[] = [],
): readonly string[] {
  const evidence = [
    ...objects.map(found => ({ ...found, name: describeObject(found.object) })),
    ...checks.map(found => ({ ...found, name: `check ${found.name}` })),
  ].filter(({ evidence: found = [] }) => found.length > 0);
  const isOpen = new Set(
    [...evidence.filter(isFailed), ...evidence.filter(isUnfinished)].slice(0, MAX_OPEN_EVIDENCE),
  );
  return [
    checkTable(checks),
    ...objectTables(objects),
    ...evidence.map(found => {
      const title = `Evidence for ${code(found.name)}`;
      return isOpen.has(found)
        ? `\n#### ${title}\n\n${evidenceOf(found)}\n\n`
        : details(title, evidenceOf(found));
    }),
  ];
}

interface Seen {
  readonly status: ObjectVerdict['status'] | CheckResult['status'];
}

function isFailed({ status }: Seen): boolean {
  return status === 'failed';
}

/** What a release that ran out of time waited for. */
function isUnfinished({ status }: Seen): boolean {
  return status === 'in-progress' || status === 'not-finished';
}

function afterRollback(
  { result, changes, checks }: Watched,
  { rolledBackTo }: Ending['verdict'],
): readonly string[] {
  return [
    ...whatWasDone(rolledBackTo),
    ...whatWasSeen(result.objects, result.checks),
    timeline({ changes, checks, finished: result.finished.toISOString() }),
  ];
}

function whatWasDone(rolledBackTo: Ending['verdict']['rolledBackTo']): readonly string[] {
  const { restored = [], removed = [], left = [], untouched = [] } = rolledBackTo ?? {};
  const lines = restorationLines({ restored, removed, left, untouched });
  return [...lines.map(line => `- ${escapeMarkdown(line)}\n`), '\n'];
}

const CHECK_SIGNS: Readonly<Record<CheckResult['status'], string>> = {
  passed: '✅ passed',
  failed: '❌ failed',
  'not-finished': '❔ not finished',
  'not-judged': '❔ not judged',
};

function checkTable(checks: readonly CheckResult[] = []): string {
  const rows = checks.map(({ name, status, message }) => [
    code(name),
    CHECK_SIGNS[status],
    escapeMarkdown(message),
  ]);
  return rows.length === 0 ? '' : table(['check', 'result', 'what it found'], rows);
}

/**
 * What needs attention is open; what is ready, and what a release that stopped did not come to, is folded: of thirty objects the one that
 * failed is what people look for.
 */
function objectTables(objects: readonly ObjectVerdict[]): readonly string[] {
  const groups = Object.groupBy(objects, object =>
    isNotApplied(object) ? 'notApplied' : object.status === 'ready' ? 'ready' : 'others',
  );
  const { others = [], ready = [], notApplied = [] } = groups;
  return [
    objectTable(others),
    ready.length === 0 ? '' : `\n${details(`✅ ${count(ready.length, 'object')} ready`, objectTable(ready))}`,
    notApplied.length === 0
      ? ''
      : `\n${details(`${count(notApplied.length, 'object')} never applied, as the release stopped first`, listOf(notApplied))}`,
  ];
}

/**
 * Whether a release stopped before the object, so that it is not the object that failed. What does not match its manifest yet has the
 * same reason, and is in progress.
 */
function isNotApplied({ status, reason }: ObjectVerdict): boolean {
  return status === 'failed' && reason === 'NotApplied';
}

function listOf(objects: readonly ObjectVerdict[]): string {
  return objects.map(({ object }) => `- ${code(describeObject(object))}\n`).join('');
}

function objectTable(objects: readonly ObjectVerdict[]): string {
  if (objects.length === 0) return '';
  const rows = objects
    .slice(0, MAX_ROWS)
    .map(({ object, status, message }) => [
      code(describeObject(object)),
      SIGNS[status],
      escapeMarkdown(message),
    ]);
  const more = objects.length > MAX_ROWS ? `and ${objects.length - MAX_ROWS} more, in verdict.json\n` : '';
  return `${table(['object', 'status', 'what it says'], rows)}${more}`;
}

function evidenceOf({
  remedy,
  evidence = [],
}: Pick<ObjectVerdict | CheckResult, 'remedy' | 'evidence'>): string {
  const todo = remedy === undefined ? '' : `What to do: ${escapeMarkdown(remedy)}\n\n`;
  const found = evidence.map(({ title, lines }) => `**${escapeMarkdown(title)}**\n\n${codeBlock(lines)}`);
  return `${todo}${found.join('\n')}`;
}

function timeline({ finished, ...happenings }: Happenings & { readonly finished: string }): string {
  const diagram = gantt(happenings, new Date(finished));
  if (diagram === '') return '';
  const rows = diagram.match(/^ {2}section /gm)?.length ?? 0;
  return rows > MAX_OPEN_ROWS ? details('Timeline', diagram) : `\n#### Timeline\n\n${diagram}\n`;
}

/** Undefined where it is not known when writing ended. */
function writingOf({ created, applied, closed }: Release): Writing | undefined {
  const end = applied ?? closed;
  if (end === undefined) return undefined;
  return {
    from: new Date(created),
    to: new Date(end),
    status: applied === undefined ? 'stopped' : 'written',
  };
}
