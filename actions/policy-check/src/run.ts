import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeReport, type Report, SlipwayError, sortFindings } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { check } from '@slipway/policy';
import { annotate, shareFindings } from './annotations.ts';
import type { PolicyCheckErrorCode } from './error-codes.ts';
import type { FailOn, Inputs } from './inputs.ts';
import { type Checked, summaryOf } from './summary.ts';
import { readTargets, type Target } from './targets.ts';

export { type Inputs, readInputs } from './inputs.ts';

/**
 * Checks what the inputs name and shows what it found: on the lines, in the summary and in report.json.
 * @throws SlipwayError `check-failed` once all of that is told
 */
export async function run(inputs: Inputs, runner: Runner): Promise<void> {
  const targets = await readTargets(inputs, runner);
  const checked: Checked[] = [];
  for (const target of targets)
    checked.push({ name: target.name, report: await checkTarget(target, inputs.failOn) });
  runner.setOutput('report', targets.map(({ reportPath }) => reportPath).join('\n'));
  const reports = checked.map(({ report }) => report);
  setCounts(reports, runner);
  annotate(shareFindings(sortFindings(reports.flatMap(({ findings }) => findings))), runner);
  runner.addSummary(summaryOf(checked));
  for (const { name, report } of checked) runner.logger.info(`${name}: ${describe(report)}`);
  const failed = checked.filter(({ report }) => report.verdict === 'failed');
  if (failed.length > 0) throw checkFailed(failed);
}

async function checkTarget({ request, findings, reportPath }: Target, failOn: FailOn): Promise<Report> {
  const found = await check(request);
  const report = makeReport([...findings, ...found], request.objects.length, failOn);
  await mkdir(dirname(reportPath), { recursive: true });
  await writeFile(reportPath, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

function setCounts(reports: readonly Report[], runner: Runner): void {
  const sum = (pick: (counts: Report['counts']) => number): string =>
    String(reports.reduce((total, { counts }) => total + pick(counts), 0));
  const verdicts = reports.map(({ verdict }) => verdict);
  const worst =
    (['failed', 'needs-sign-off'] as const).find(verdict => verdicts.includes(verdict)) ?? 'passed';
  runner.setOutput('verdict', worst);
  runner.setOutput(
    'errors',
    sum(({ errors }) => errors),
  );
  runner.setOutput(
    'warnings',
    sum(({ warnings }) => warnings),
  );
  runner.setOutput(
    'sign-off',
    sum(({ signOff }) => signOff),
  );
}

function describe({ verdict, counts }: Report): string {
  return `${verdict}, ${plural(counts.errors, 'error')} and ${plural(counts.warnings, 'warning')} in ${plural(counts.objects, 'object')}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function checkFailed(failed: readonly Checked[]): SlipwayError<PolicyCheckErrorCode> {
  const what = failed.map(
    ({ name, report: { counts } }) =>
      `${name} (${plural(counts.errors, 'error')}, ${plural(counts.warnings, 'warning')})`,
  );
  return new SlipwayError<PolicyCheckErrorCode>({
    code: 'check-failed',
    message: `the policy check failed for ${what.join(', ')}`,
    remedy: 'mend what the annotations and the summary show; report.json has all of it',
  });
}
