import { describeObject, type ObjectVerdict, type VerdictName } from '@slipway/core';
import { code, codeBlock, details, escapeMarkdown, table } from '@slipway/github';
import type { RolloutChange } from '@slipway/rollout';
import type { Ending } from './ending.ts';
import { gantt } from './gantt.ts';
import type { Watched } from './watch.ts';

/** Rows of the table; what is not ready comes first. */
const MAX_ROWS = 200;

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
export function summaryOf({ verdict, changes, restored }: Ending): string {
  const what = [
    ...(verdict.release === undefined ? [] : [`release ${verdict.release}`]),
    ...(verdict.deploymentTag === undefined ? [] : [`deployment tag ${code(verdict.deploymentTag)}`]),
    `namespace ${code(verdict.namespace)}`,
  ];
  return [
    `## ${HEADLINES[verdict.verdict]}\n\n`,
    `**${escapeMarkdown(verdict.summary)}**\n\n${what.join(', ')}\n`,
    objectTable(verdict.objects),
    ...verdict.objects.map(evidenceOf),
    timeline(changes, verdict.finished),
    ...(restored === undefined ? [] : ['\n### After the rollback\n', ...restorationOf(restored)]),
  ].join('');
}

function restorationOf({ result, changes }: Watched): readonly string[] {
  return [
    objectTable(result.objects),
    ...result.objects.map(evidenceOf),
    timeline(changes, result.finished.toISOString()),
  ];
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

function evidenceOf({ object, remedy, evidence = [] }: ObjectVerdict): string {
  if (evidence.length === 0) return '';
  const todo = remedy === undefined ? '' : `What to do: ${escapeMarkdown(remedy)}\n\n`;
  const found = evidence.map(({ title, lines }) => `**${escapeMarkdown(title)}**\n\n${codeBlock(lines)}`);
  return details(`Evidence for ${code(describeObject(object))}`, `${todo}${found.join('\n')}`);
}

function timeline(changes: readonly RolloutChange[], finished: string): string {
  const diagram = gantt(changes, new Date(finished));
  return diagram === '' ? '' : details('Timeline', diagram);
}
