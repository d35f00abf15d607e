import type { CheckResult, ObjectVerdict, VerdictName } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import { code, codeBlock, details, escapeMarkdown, table } from '@slipway/report';
import { restorationLines } from '../end/restoration.ts';
import type { Watched } from '../watch/watch.ts';
import type { Ending } from './ending.ts';
import { gantt } from './gantt.ts';

/** Rows of the table; what is not ready comes first. */
const MAX_ROWS = 200;

/** A taller timeline would push away what is below it, in pixels. */
const MAX_OPEN_ROWS = 12;

const HEADLINES: Readonly<Record<VerdictName, string>> = {
  succeeded: '✅ Release succeeded',
  failed: '❌ Release failed',
  'timed-out': '⌛ Release timed out',
  superseded: '⏭️ Release superseded',
  'rolled-back': '↩️ Release failed and was rolled back',
  'rollback-failed': '🔥 Release failed, and so did its rollback',
};

const SIGNS: Readonly<Record<ObjectVerdict['status'], string>> = {
  ready: '✅ ready',
  unknown: '❔ unknown',
  'already-failing': '⚠️ failing before',
  'in-progress': '⏳ in progress',
  failed: '❌ failed',
};

/** What a person wants to see of it: the verdict, why, every object, and when what happened. */
export function summaryOf({ verdict, changes, checks, restored }: Ending): string {
  const what = [
    ...(verdict.release === undefined ? [] : [`release ${verdict.release}`]),
    ...(verdict.deploymentTag === undefined ? [] : [`deployment tag ${code(verdict.deploymentTag)}`]),
    `namespace ${code(verdict.namespace)}`,
  ];
  return [
    `## ${HEADLINES[verdict.verdict]}\n\n`,
    `**${escapeMarkdown(verdict.summary)}**\n\n${what.join(', ')}\n`,
    checkTable(verdict.checks),
    objectTable(verdict.objects),
    ...verdict.objects.map(found => evidenceOf(describeObject(found.object), found)),
    ...(verdict.checks ?? []).map(found => evidenceOf(`check ${found.name}`, found)),
    timeline({ changes, checks, finished: verdict.finished }),
    ...(restored === undefined ? [] : ['\n### After the rollback\n\n', ...afterRollback(restored, verdict)]),
  ].join('');
}

function afterRollback(
  { result, changes, checks }: Watched,
  { rolledBackTo }: Ending['verdict'],
): readonly string[] {
  return [
    ...whatWasDone(rolledBackTo),
    checkTable(result.checks),
    objectTable(result.objects),
    ...result.objects.map(found => evidenceOf(describeObject(found.object), found)),
    ...result.checks.map(found => evidenceOf(`check ${found.name}`, found)),
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
};

function checkTable(checks: readonly CheckResult[] = []): string {
  const rows = checks.map(({ name, status, message }) => [
    code(name),
    CHECK_SIGNS[status],
    escapeMarkdown(message),
  ]);
  return rows.length === 0 ? '' : table(['check', 'result', 'what it found'], rows);
}

function objectTable(objects: readonly ObjectVerdict[]): string {
  const rows = objects
    .slice(0, MAX_ROWS)
    .map(({ object, status, message }) => [
      code(describeObject(object)),
      SIGNS[status],
      escapeMarkdown(message),
    ]);
  const more = objects.length > MAX_ROWS ? `and ${objects.length - MAX_ROWS} more, in verdict.json\n` : '';
  return rows.length === 0 ? '' : `${table(['object', 'status', 'what it says'], rows)}${more}`;
}

function evidenceOf(
  name: string,
  { remedy, evidence = [] }: Pick<ObjectVerdict | CheckResult, 'remedy' | 'evidence'>,
): string {
  if (evidence.length === 0) return '';
  const todo = remedy === undefined ? '' : `What to do: ${escapeMarkdown(remedy)}\n\n`;
  const found = evidence.map(({ title, lines }) => `**${escapeMarkdown(title)}**\n\n${codeBlock(lines)}`);
  return details(`Evidence for ${code(name)}`, `${todo}${found.join('\n')}`);
}

function timeline({
  changes,
  checks,
  finished,
}: Pick<Ending, 'changes' | 'checks'> & { finished: string }): string {
  const diagram = gantt(changes, checks, new Date(finished));
  if (diagram === '') return '';
  const rows = diagram.match(/^ {2}section /gm)?.length ?? 0;
  return rows > MAX_OPEN_ROWS ? details('Timeline', diagram) : `\n#### Timeline\n\n${diagram}\n`;
}
