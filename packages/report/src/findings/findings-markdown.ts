import { posix } from 'node:path';
import { formatPosition, type Severity } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import { code, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import type { CheckedReport } from './checked-objects.ts';
import { relatedPlaces, type SharedFinding, shareFindings } from './shared-findings.ts';

/** Rows of the table; report.json has all findings. */
const MAX_ROWS = 200;

const marks: Readonly<Record<Severity, string>> = {
  error: '🔴 error',
  'sign-off': '🟣 sign-off',
  warning: '🟡 warning',
  notice: '🔵 notice',
};

/**
 * The summary of a check: its verdict, how much was checked, and the findings, in the order of the reports.
 * @param application path of slipway.yaml, whose folder tells the applications of a repository apart
 */
export function findingsMarkdown(checked: readonly CheckedReport[], application = ''): string {
  const shared = shareFindings(checked.flatMap(({ report }) => report.findings));
  return [
    `### Policy check${ofFolder(application)}: ${headline(checked)}\n`,
    table(['Checked', 'Objects', 'Errors', 'Sign-off', 'Warnings', 'Notices'], checked.map(countRow)),
    findingsTable(shared, checked.length > 1),
  ].join('');
}

function ofFolder(application: string): string {
  const folder = posix.dirname(posix.normalize(application));
  return folder === '.' ? '' : ` of ${code(folder)}`;
}

function headline(checked: readonly CheckedReport[]): string {
  const verdicts = checked.map(({ report }) => report.verdict);
  if (verdicts.includes('failed')) return 'failed';
  return verdicts.includes('needs-sign-off') ? 'needs sign-off' : 'passed';
}

function countRow({ name, report: { counts } }: CheckedReport): string[] {
  const { objects, errors, signOff, warnings, notices } = counts;
  return [code(name), ...[objects, errors, signOff, warnings, notices].map(String)];
}

function findingsTable(shared: readonly SharedFinding[], several: boolean): string {
  if (shared.length === 0) return '';
  const headers = ['', 'What', 'Where', 'Rule', ...(several ? ['For'] : [])];
  const rows = shared
    .slice(0, MAX_ROWS)
    .map(({ finding, targets }) => [
      marks[finding.severity],
      describe(finding),
      whereOf(finding),
      code(finding.rule),
      ...(several ? [targets.map(escapeMarkdown).join(', ')] : []),
    ]);
  const more = shared.length > MAX_ROWS ? `${shared.length - MAX_ROWS} more are in report.json.\n` : '';
  return `${table(headers, rows)}${more}`;
}

function whereOf(finding: SharedFinding['finding']): string {
  const place = finding.place === undefined ? [] : [code(formatPosition(finding.place))];
  return [...place, ...relatedPlaces(finding).map(escapeMarkdown)].join('<br>');
}

function describe({ message, fix, object }: SharedFinding['finding']): string {
  const what = object === undefined ? '' : `${code(describeBriefly(object))}: `;
  return `${what}${escapeMarkdown(message)}${fix === undefined ? '' : `<br>→ ${escapeMarkdown(fix)}`}`;
}
