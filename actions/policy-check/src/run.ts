import {
  type Clock,
  type Finding,
  makeReport,
  type Position,
  type Report,
  SlipwayError,
  sortFindings,
} from '@slipway/core';
import { type GitHubApi, openGitHubApi, type Runner, remoteCommits } from '@slipway/github';
import { helpUri } from '@slipway/policy';
import {
  type CheckedObjects,
  type CheckedReport,
  changedFirst,
  findingsMarkdown,
  junitOf,
  sarifOf,
  shareFindings,
} from '@slipway/report';
import { annotate, MAX_ANNOTATIONS } from './annotate.ts';
import { openBase } from './base/base.ts';
import { openHistory } from './base/history.ts';
import { readChangedFiles } from './changed-files.ts';
import { commentOn } from './comment.ts';
import type { PolicyCheckErrorCode } from './error-codes.ts';
import type { FailOn, Inputs } from './inputs.ts';
import { judge } from './rules/judge.ts';
import { type ReadPull, readCheckedPull, settleSignOffs } from './sign-offs.ts';
import { readTargets, type Target } from './targets.ts';
import { outputFile, writeJson, writeText } from './write-json.ts';

export { type Inputs, readInputs } from './inputs.ts';

/**
 * Checks what the inputs name and shows what it found: on the lines, in the summary, in report.json, as SARIF and JUnit.
 * @throws SlipwayError `check-failed` once all of that is told
 */
export async function run(inputs: Inputs, runner: Runner, clock: Clock = () => new Date()): Promise<void> {
  const [sarif, junit] = await Promise.all(
    [inputs.sarif, inputs.junit].map(path => (path === undefined ? '' : outputFile(path, runner.workspace))),
  );
  const openApi = apiOf(inputs, runner);
  const remote = openApi && remoteCommits(openApi, runner.context.repository);
  const history = once(() => openHistory(inputs.application, remote, runner));
  const base = await openBase(history, runner);
  const targets = await readTargets({ base, history }, inputs, runner);
  const readPull = once(() => readCheckedPull(openApi, runner));
  const checked = await checkAll(targets, inputs.failOn, { now: clock(), readPull, runner });
  runner.setOutput('report', targets.map(({ reportPath }) => reportPath).join('\n'));
  const reports = checked.map(({ report }) => report);
  setCounts(reports, runner);
  const shared = shareFindings(sortFindings(reports.flatMap(({ findings }) => findings)));
  if (sarif) await writeJson(sarif, sarifOf(shared, helpUri));
  runner.setOutput('sarif', sarif ?? '');
  if (junit) await writeText(junit, junitOf(checked));
  runner.setOutput('junit', junit ?? '');
  // Where all of them are shown their order matters to nobody.
  const isCut = shared.length > MAX_ANNOTATIONS;
  const changed = isCut ? await readChangedFiles(base, readPull, runner) : new Set<string>();
  annotate(changedFirst(shared, changed), runner);
  runner.addSummary(findingsMarkdown(checked));
  if (inputs.comment) await commentOn(readPull, checked, inputs, runner, clock());
  for (const { name, report } of checked) runner.logger.info(`${name}: ${describe(report)}`);
  const failed = checked.filter(({ report }) => report.verdict === 'failed');
  if (failed.length > 0) throw checkFailed(failed);
}

/** Opened when something is first asked; undefined without a token. */
function apiOf(
  { token }: Inputs,
  { context, signal, logger }: Runner,
): (() => Promise<GitHubApi>) | undefined {
  return token === ''
    ? undefined
    : once(() => openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger }));
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

interface CheckContext {
  readonly now: Date;
  readonly readPull: ReadPull;
  readonly runner: Runner;
}

async function checkAll(
  targets: readonly Target[],
  failOn: FailOn,
  { now, readPull, runner }: CheckContext,
): Promise<CheckedObjects[]> {
  const judged: (readonly Finding[])[] = [];
  for (const { subjects, rules, findings } of targets)
    judged.push([...findings, ...(await judge({ ...subjects, now }, rules))]);
  const found = await settleSignOffs(judged, readPull, runner);
  const checked: CheckedObjects[] = [];
  for (const [index, { name, subjects, reportPath }] of targets.entries()) {
    const findings = (found[index] ?? []).filter(finding => !isUsedElsewhere(finding, found));
    const report = makeReport(findings, subjects.objects.length, failOn);
    await writeJson(reportPath, report);
    checked.push({ name, report, objects: subjects.objects });
  }
  return checked;
}

/** A waiver is without use only if no destination's finding names it as what waived it. */
function isUsedElsewhere({ rule, place }: Finding, all: readonly (readonly Finding[])[]): boolean {
  if (rule !== 'waiver/unused' || place === undefined) return false;
  return all.flat().some(({ related = [] }) => related.some(other => isSamePlace(other.place, place)));
}

function isSamePlace(one: Position, other: Position): boolean {
  return one.path === other.path && one.line === other.line && one.column === other.column;
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

function checkFailed(failed: readonly CheckedReport[]): SlipwayError<PolicyCheckErrorCode> {
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
