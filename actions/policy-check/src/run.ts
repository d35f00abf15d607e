import {
  filesOfPull,
  keepCheckComment,
  pullApprovals,
  reachCluster,
  readCheckedPull,
  setCheckOutputs,
  spawnFor,
} from '@slipway/action-kit';
import { type CheckedTarget, checkManifests } from '@slipway/check';
import { type Clock, count, defined, once, type Report, SlipwayError, sortFindings } from '@slipway/core';
import {
  annotateFindings,
  baseCommitOf,
  type GitHubApi,
  lineUriOf,
  openGitHubApi,
  type Runner,
  remoteCommits,
} from '@slipway/github';
import { helpUri } from '@slipway/policy';
import { outputFile, replaceFile } from '@slipway/render';
import {
  findingsMarkdown,
  junitOf,
  quietMarkdown,
  reportJson,
  sarifOf,
  shareFindings,
} from '@slipway/report';
import type { PolicyCheckErrorCode } from './error-codes.ts';
import type { Inputs } from './inputs.ts';

export { type Inputs, readInputs } from './inputs.ts';

/**
 * Checks what the inputs name and shows the findings: on their lines, in the summary, in report.json, as SARIF and JUnit.
 * @throws SlipwayError `check-failed` after all of that was written
 */
export async function run(inputs: Inputs, runner: Runner, clock: Clock = () => new Date()): Promise<void> {
  const { context, logger } = runner;
  const [sarif, junit] = await Promise.all(
    [inputs.sarif, inputs.junit].map(path => (path === undefined ? '' : outputFile(path, runner.workspace))),
  );
  const openApi = apiOf(inputs, runner);
  const readPull = once(() => readCheckedPull(openApi, runner));
  const { targets, changedFiles } = await checkManifests(
    {
      ...{ ...inputs.request, base: baseCommitOf(context) },
      ...defined({ spawn: spawnFor(inputs.spawn, context) }),
    },
    {
      ...{ ...runnerParts(runner), clock },
      openCluster: choice => reachCluster(choice, '', runner),
      remoteHistory: openApi && remoteCommits(openApi, context.repository),
      approvals: pullApprovals(readPull, logger),
    },
  );
  const reports = targets.map(({ report }) => report);
  for (const { reportPath, report } of targets) await replaceFile(reportPath, reportJson(report));
  runner.setOutput('report', targets.map(({ reportPath }) => reportPath).join('\n'));
  setCheckOutputs(reports, runner);
  const shared = shareFindings(sortFindings(reports.flatMap(({ findings }) => findings)));
  if (sarif) await replaceFile(sarif, json(sarifOf(shared, helpUri)));
  runner.setOutput('sarif', sarif ?? '');
  if (junit) await replaceFile(junit, junitOf(targets));
  runner.setOutput('junit', junit ?? '');
  await annotateFindings(shared, runner, {
    rest: 'in the summary and in report.json',
    changedFiles: async () => (await changedFiles()) ?? (await filesOfPull(readPull, runner)),
  });
  const { application: key } = inputs.request;
  const page = findingsMarkdown(targets, { application: key, helpUri, lineUri: lineUriOf(runner) });
  runner.addSummary(page);
  if (inputs.comment) {
    const findings = reports.flatMap(report => report.findings);
    const body = quietMarkdown(page);
    const comment = { key, findings, body, onlyUpdate: findings.length === 0 };
    await keepCheckComment(readPull, comment, runner, clock());
  }
  for (const { name, report } of targets) logger.info(`${name}: ${describe(report)}`);
  const failed = targets.filter(({ report }) => report.verdict === 'failed');
  if (failed.length > 0) throw checkFailed(failed);
}

/** What a check needs of the runner. */
function runnerParts({ workspace, temporaryDirectory, environment, exec, logger, signal }: Runner) {
  return { workspace, temporaryDirectory, environment, exec, logger, signal };
}

/** Opened by the first question; undefined without a token. */
function apiOf(
  { token }: Inputs,
  { context, signal, logger }: Runner,
): (() => Promise<GitHubApi>) | undefined {
  return token === ''
    ? undefined
    : once(() => openGitHubApi({ apiUrl: context.apiUrl, token, signal, logger }));
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function describe({ verdict, counts }: Report): string {
  return `${verdict}, ${count(counts.errors, 'error')} and ${count(counts.warnings, 'warning')} in ${count(counts.objects, 'object')}`;
}

function checkFailed(failed: readonly CheckedTarget[]): SlipwayError<PolicyCheckErrorCode> {
  const what = failed.map(
    ({ name, report: { counts } }) =>
      `${name} (${count(counts.errors, 'error')}, ${count(counts.warnings, 'warning')})`,
  );
  return new SlipwayError<PolicyCheckErrorCode>({
    code: 'check-failed',
    message: `the policy check failed for ${what.join(', ')}`,
    remedy: 'fix what the annotations and the summary show; report.json has all findings',
    isInSummary: true,
  });
}
