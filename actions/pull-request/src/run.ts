import {
  filesOfPull,
  pullApprovals,
  type ReadPull,
  readCheckedPull,
  setCheckOutputs,
} from '@slipway/action-kit';
import {
  type Clock,
  formatPosition,
  formatProblem,
  once,
  type Problem,
  sortFindings,
  throwIfAny,
} from '@slipway/core';
import { annotateFindings, type GitHubApi, openGitHubApi, type Runner, withGrace } from '@slipway/github';
import { countChangedObjects, findingLine, type SharedFinding, shareFindings } from '@slipway/report';
import { checkEvent, ownWorkflows } from './check-event.ts';
import { writeComments } from './comments.ts';
import { reviewPullsOfEarlierRun, withOtherCheckouts } from './earlier-run.ts';
import type { Inputs } from './inputs.ts';
import { lastPassedReaders } from './last-passed.ts';
import { isElsewhere, type Left, leftFrom, moved, removed, renamed, shownLeft, unshownLeft } from './left.ts';
import { type Named, namesOf } from './names.ts';
import { type OwnCheckout, ownCheckout } from './own-checkout.ts';
import { pageLinks } from './page-links.ts';
import { pageOf, titleOf } from './pages.ts';
import { type Reviewed, type ReviewParts, reportsOf, reviewApplication } from './review-application.ts';
import {
  formerStatusOf,
  RUNNING,
  removalOf,
  removedStatus,
  type Shown,
  showStatus,
  statusOf,
  UNFINISHED,
} from './statuses.ts';
import { failuresOf } from './verdict.ts';

export { type Inputs, readInputs } from './inputs.ts';

/** Bytes of one application's page, and of all of them: GitHub shows 1 MiB of a summary, in which a failure has to follow. */
const PAGE_LIMIT = 200_000;
const SUMMARY_LIMIT = 900_000;
/** Fewer findings than these are all shown in every page, however short. */
const MANY = 10;

/**
 * Reviews each application, and shows the result in its commit status, its comment, the summary, and on the lines that were written.
 * @throws SlipwayError `event-unfit`, `review-failed`, and what is wrong with files of the checkout, after all of that was written
 */
export async function run(inputs: Inputs, runner: Runner, clock: Clock = () => new Date()): Promise<void> {
  checkEvent(runner.context, inputs.token !== '');
  const openApi = apiOf(inputs, runner);
  const rules = withOtherCheckouts(inputs.rules, runner);
  if (runner.context.eventName === 'workflow_run' && openApi !== undefined)
    // What others wrote does not make a run of the default branch fail: the status is where they see it.
    await reviewPullsOfEarlierRun(runner, await openApi(), async run => {
      for (const failure of await reviewAll({ ...inputs, rules }, run, openApi, clock))
        run.logger.info(formatProblem(failure));
    });
  else throwIfAny(await reviewAll(inputs, runner, openApi, clock));
}

/** @returns why the step fails */
async function reviewAll(
  inputs: Inputs,
  runner: Runner,
  openApi: ReviewParts['openApi'],
  clock: Clock,
): Promise<readonly Problem[]> {
  const readPull = once(() => readCheckedPull(openApi, runner));
  const readerFor = lastPassedReaders(inputs, runner);
  const parts = { openApi, approvals: pullApprovals(readPull, runner.logger), clock, readerFor };
  const reviewed: Reviewed[] = [];
  const named = await namesOf(inputs, runner, parts);
  for (const one of named.applications) reviewed.push(await reviewWithStatus(one, inputs, runner, parts));
  const checkout = ownCheckout(inputs, runner);
  const changedFiles = once(async () => await changedFilesOf(reviewed, checkout, readPull, runner));
  // GitHub keeps ten notices of a step, and this one is about all of the others.
  for (const message of ownWorkflows(await changedFiles(), runner.context))
    runner.annotate({ severity: 'notice', message });
  for (const one of reviewed) noteRenamed(one, runner);
  const allLeft = leftFrom(named);
  const left = shownLeft(allLeft);
  for (const sentence of unshownLeft(allLeft)) runner.logger.warning(sentence);
  for (const one of left) await showLeft(one, inputs, runner, openApi);
  const links = pageLinks(runner, checkout);
  const limit = Math.min(PAGE_LIMIT, Math.floor(SUMMARY_LIMIT / reviewed.length));
  for (const one of reviewed) runner.addSummary(pageOf(one, links, limit));
  const findings = sortFindings(reportsOf(reviewed).flatMap(report => report.findings));
  const shared = shareFindings(findings);
  await logAll(shared, runner);
  await annotateFindings(shared, runner, {
    rest: 'in the summary',
    changedFiles: async () => (await changedFiles()).map(checkout.inWorkspace),
  });
  setOutputs(reviewed, runner);
  if (inputs.comment !== 'never')
    await writeComments({ reviewed, left }, readPull, links, inputs, runner, clock());
  return reviewed.flatMap(failuresOf);
}

/** Pages have rows for as many findings as fit, and annotations are ten; the log has room for all. */
async function logAll(shared: readonly SharedFinding[], runner: Runner): Promise<void> {
  if (shared.length < MANY) return;
  await runner.group(`All ${shared.length} findings`, async () => {
    for (const entry of shared) {
      const { rule, severity, place } = entry.finding;
      const where = place === undefined ? '' : `${formatPosition(place)}: `;
      runner.logger.info(`${severity}: ${where}${findingLine(entry)} (${rule})`);
    }
  });
}

function setOutputs(reviewed: readonly Reviewed[], runner: Runner): void {
  setCheckOutputs(
    reportsOf(reviewed),
    runner,
    reviewed.flatMap(({ problems, statusProblems }) => [...problems, ...statusProblems]),
  );
  const reviews = reviewed.flatMap(({ review }) => review ?? []);
  const isKnown =
    reviews.length === reviewed.length &&
    reviews.every(({ targets }) => targets.every(({ changes }) => changes !== undefined));
  const changes = reviews.reduce((sum, review) => sum + countChangedObjects(review), 0);
  runner.setOutput('changes', isKnown ? String(changes) : '');
}

/** The paths in the repository that the pull request changes, as the checkout or else GitHub knows them. */
async function changedFilesOf(
  reviewed: readonly Reviewed[],
  { inRepository }: OwnCheckout,
  readPull: ReadPull,
  runner: Runner,
): Promise<readonly string[]> {
  const found = reviewed.find(({ review }) => review !== undefined)?.review;
  const paths = await found?.changedFiles();
  if (paths === undefined) return await filesOfPull(readPull, runner);
  return paths.flatMap(path => inRepository(path) ?? []);
}

function noteRenamed(reviewed: Reviewed, runner: Runner): void {
  const { formerly } = reviewed;
  if (formerly !== undefined) runner.annotate({ severity: 'notice', message: renamed(reviewed, formerly) });
}

/** The status is pending while the review runs, and does not stay so if it breaks off. */
async function reviewWithStatus(
  { check, problems, ...named }: Named,
  inputs: Inputs,
  runner: Runner,
  { openApi, ...parts }: ReviewParts,
): Promise<Reviewed> {
  const { path, name, formerly } = named;
  const show = async (shown: Shown): Promise<readonly Problem[]> => {
    if (!inputs.status) return [];
    const own = await showStatus(name, shown, { openApi, check }, runner);
    if (formerly === undefined) return own;
    return [...own, ...(await showStatus(formerly, formerStatusOf(shown, name), { openApi, check }, runner))];
  };
  await show(RUNNING);
  try {
    const reviewed =
      problems.length > 0
        ? { problems }
        : await reviewApplication(path, inputs, runner, { openApi, ...parts });
    const whole = { ...named, ...reviewed, ...titleOf(inputs) };
    return { ...whole, statusProblems: await show(statusOf(whole)) };
  } catch (error) {
    await show(UNFINISHED);
    throw error;
  }
}

async function showLeft(
  one: Left,
  inputs: Inputs,
  runner: Runner,
  openApi: ReviewParts['openApi'],
): Promise<void> {
  const { path, name, isReviewed } = one;
  if (isReviewed) return;
  runner.annotate({ severity: 'notice', message: isElsewhere(one) ? moved(one) : removed(path, name) });
  // Only where that is reviewed is it known what the status has to say.
  if (isElsewhere(one)) return;
  const check = removalOf(path);
  if (inputs.status) await showStatus(name, removedStatus(path), { openApi, check }, runner);
}

function apiOf(
  { token }: Inputs,
  { context, signal, logger }: Runner,
): (() => Promise<GitHubApi>) | undefined {
  return token === ''
    ? undefined
    : once(() =>
        // A cancelled run still says that its check did not finish.
        openGitHubApi({ apiUrl: context.apiUrl, token, signal: withGrace(signal), logger }),
      );
}
