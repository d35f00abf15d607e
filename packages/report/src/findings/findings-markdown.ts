import { posix } from 'node:path';
import { count } from '@slipway/core';
import { code, details, table } from '../markdown/blocks.ts';
import type { CheckedReport } from './checked-objects.ts';
import { type FindingLinks, findingTables } from './finding-tables.ts';
import { shareFindings } from './shared-findings.ts';

/** Rows of all tables together; report.json has all findings. */
const MAX_ROWS = 200;

export interface FindingsPage extends FindingLinks {
  /** Path of slipway.yaml, whose folder tells the applications of a repository apart. */
  readonly application?: string;
}

/**
 * The summary of a check: its verdict and how much was checked in two lines, which is all there is if nothing was found; then the
 * findings by rule, in the order of the reports.
 */
export function findingsMarkdown(checked: readonly CheckedReport[], page: FindingsPage = {}): string {
  const shared = shareFindings(checked.flatMap(({ report }) => report.findings));
  return [
    `### ${signOf(checked)}Policy check${ofFolder(page.application ?? '')}: ${headline(checked)}\n\n`,
    `${countLine(checked)}\n`,
    findingTables(shared, MAX_ROWS, checked.length, page),
    shared.length === 0 || checked.length === 1
      ? ''
      : `\n${details('What was checked', table(['Checked', 'Objects', 'Errors', 'Sign-off', 'Warnings', 'Notices'], checked.map(countRow)))}`,
  ].join('');
}

function ofFolder(application: string): string {
  const folder = posix.dirname(posix.normalize(application));
  return folder === '.' ? '' : ` of ${code(folder)}`;
}

/** Only what stops a run has one: ✅ is said of releases that were verified. */
function signOf(checked: readonly CheckedReport[]): string {
  return headline(checked) === 'failed' ? '❌ ' : '';
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
