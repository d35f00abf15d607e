import { posix } from 'node:path';
import { count, formatPosition, type Severity } from '@slipway/core';
import { describeBriefly } from '@slipway/kubernetes';
import { code, details, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import type { CheckedReport } from './checked-objects.ts';
import { relatedPlaces, type SharedFinding, shareFindings } from './shared-findings.ts';

/** Rows of all tables together; report.json has all findings. */
const MAX_ROWS = 200;

const MARKS: Readonly<Record<Severity, string>> = {
  error: '🔴',
  'sign-off': '🟣',
  warning: '🟡',
  notice: '🔵',
};

export interface FindingsPage {
  /** Path of slipway.yaml, whose folder tells the applications of a repository apart. */
  readonly application?: string;
  /** The page that explains a rule, if there is one. */
  readonly helpUri?: (rule: string) => string | undefined;
}

/**
 * The summary of a check: its verdict and how much was checked in two lines, which is all there is if nothing was found; then the
 * findings by rule, in the order of the reports.
 */
export function findingsMarkdown(checked: readonly CheckedReport[], page: FindingsPage = {}): string {
  const shared = shareFindings(checked.flatMap(({ report }) => report.findings));
  return [
    `### Policy check${ofFolder(page.application ?? '')}: ${headline(checked)}\n\n`,
    `${countLine(checked)}\n`,
    findingsByRule(shared, checked.length > 1, page),
    shared.length === 0 || checked.length === 1
      ? ''
      : `\n${details('What was checked', table(['Checked', 'Objects', 'Errors', 'Sign-off', 'Warnings', 'Notices'], checked.map(countRow)))}`,
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

/** `2 errors, 1 warning; 24 objects of 3 destinations were checked`. */
function countLine(checked: readonly CheckedReport[]): string {
  const total = (pick: (counts: CheckedReport['report']['counts']) => number): number =>
    checked.reduce((sum, { report }) => sum + pick(report.counts), 0);
  const found = [
    [total(({ errors }) => errors), 'error'],
    [total(({ signOff }) => signOff), 'sign-off'],
    [total(({ warnings }) => warnings), 'warning'],
    [total(({ notices }) => notices), 'notice'],
  ] as const;
  const words = found.flatMap(([number, noun]) => (number === 0 ? [] : [count(number, noun)]));
  const of = checked.length === 1 ? '' : ` of ${count(checked.length, 'destination')}`;
  const objects = total(({ objects: number }) => number);
  return `${words.length === 0 ? 'Nothing was found' : words.join(', ')} in ${count(objects, 'object')}${of}`;
}

function countRow({ name, report: { counts } }: CheckedReport): string[] {
  const { objects, errors, signOff, warnings, notices } = counts;
  return [code(name), ...[objects, errors, signOff, warnings, notices].map(String)];
}

/** A table for each rule of each severity, since ten findings of one rule are usually one thing to fix. */
function findingsByRule(shared: readonly SharedFinding[], several: boolean, page: FindingsPage): string {
  const shown = shared.slice(0, MAX_ROWS);
  const groups = Map.groupBy(shown, ({ finding: { severity, rule } }) => `${severity} ${rule}`);
  const ordered = [...groups.values()].sort((a, b) => rankOf(a) - rankOf(b));
  const more = shared.length > MAX_ROWS ? `${shared.length - MAX_ROWS} more are in report.json.\n` : '';
  return `${ordered.map(group => ruleTable(group, several, page)).join('')}${more}`;
}

function rankOf([first]: readonly SharedFinding[]): number {
  return Object.keys(MARKS).indexOf(first?.finding.severity ?? 'notice');
}

function ruleTable(group: readonly SharedFinding[], several: boolean, { helpUri }: FindingsPage): string {
  const [first] = group;
  if (first === undefined) return '';
  const { severity, rule } = first.finding;
  const uri = helpUri?.(rule);
  const name = uri === undefined ? code(rule) : `[${code(rule)}](${uri})`;
  const rows = group.map(({ finding, targets }) => [
    describe(finding),
    whereOf(finding),
    ...(several ? [targets.map(escapeMarkdown).join(', ')] : []),
  ]);
  const headers = ['What', 'Where', ...(several ? ['For'] : [])];
  return `\n${MARKS[severity]} ${severity} ${name}\n${table(headers, rows)}`;
}

function whereOf(finding: SharedFinding['finding']): string {
  const place = finding.place === undefined ? [] : [code(formatPosition(finding.place))];
  return [...place, ...relatedPlaces(finding).map(escapeMarkdown)].join('<br>');
}

function describe({ message, fix, object }: SharedFinding['finding']): string {
  const what = object === undefined ? '' : `${code(describeBriefly(object))}: `;
  return `${what}${escapeMarkdown(message)}${fix === undefined ? '' : `<br>→ ${escapeMarkdown(fix)}`}`;
}
