import { count, formatProblem, type Plan, type Problem, type Release } from '@slipway/core';
import { code, details } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import { adoptionTitle, HOW_TO_ADOPT, isShownWithAdopt, planTitle } from '../plans/plan-lines.ts';
import { beyondMarkdown, planBody } from '../plans/plan-markdown.ts';
import { type JobOutput, jobLogFolds, openJobLogs } from './job-logs.ts';
import { between, whoAndWhy } from './release-facts.ts';
import { targetName } from './target-name.ts';
import { rollbackName, type Version, versionName } from './versions.ts';

/** What happened on the way to a release. */
export interface Deployment {
  /** Absent for a rollback, which has none. */
  readonly plan?: Plan | undefined;
  /** The record; absent until it was made. */
  readonly release?: Release | undefined;
  /** For a rollback the release that it undoes. */
  readonly undone?: Version | undefined;
  readonly logs: readonly JobOutput[];
}

/**
 * A release that was written, in three lines and whether it works left open: that is the verdict of verify-rollout, which has the page
 * with the headline.
 */
export function writtenMarkdown(release: Release, deployment: Deployment): string {
  const { number, namespace, objects, created, applied = created } = release;
  const written = objects.filter(object => object.written).length;
  return [
    `### ⏳ ${escapeMarkdown(targetName(release))}: ${subject(release, deployment)} written, not verified yet\n\n`,
    `Release ${number} in namespace ${code(namespace)}: ${written} of ${count(objects.length, 'object')} written in ${between(created, applied)}. ${whoAndWhy(release)}\n\n`,
    beyondMarkdown(deployment.plan),
    fold(deployment),
  ].join('');
}

/**
 * A release that could not be written, or not completely: what was begun, why it ended, and what its Jobs logged. Empty before it was
 * known what to deploy, when the errors say all.
 * @param problem the first reason
 */
export function unwrittenMarkdown(deployment: Deployment, problem: Problem | undefined): string {
  const { plan, release, logs } = deployment;
  const target = release ?? plan;
  if (target === undefined) return '';
  const outcome =
    release === undefined
      ? 'not deployed, no object of the release was written'
      : `${subject(release, deployment)} begun as release ${release.number}, and not finished`;
  // Before a release was begun, the list of all reasons follows at once.
  const why =
    problem === undefined || release === undefined ? '' : `**${escapeMarkdown(formatProblem(problem))}**\n\n`;
  return `### ❌ ${escapeMarkdown(targetName(target))}: ${outcome}\n\n${why}${adoptable(plan)}${beyondMarkdown(plan)}${openJobLogs(logs)}${fold({ ...deployment, logs: [] })}`;
}

/** What adopting would change, where that is what the release was refused for. */
function adoptable(plan: Plan | undefined): string {
  if (plan?.adoption === undefined || !isShownWithAdopt(plan)) return '';
  return `**${escapeMarkdown(adoptionTitle(plan, plan.adoption))}**\n\n${escapeMarkdown(HOW_TO_ADOPT)}\n\n`;
}

function subject(release: Release, { undone }: Deployment): string {
  return release.restores === undefined ? versionName(release) : `rollback ${rollbackName(release, undone)}`;
}

function titleOf(plan: Plan): string {
  return isShownWithAdopt(plan) ? 'What adopt would change' : `The plan: ${planTitle(plan)}`;
}

/** The plan, and the logs of Jobs, as one line that opens. */
function fold({ plan, logs }: Deployment): string {
  const jobs = new Set(logs.map(({ job }) => job)).size;
  const titles = [
    ...(plan === undefined ? [] : [titleOf(plan)]),
    ...(jobs === 0 ? [] : [`what ${count(jobs, 'Job')} logged`]),
  ];
  if (titles.length === 0) return '';
  const body = `${plan === undefined ? '' : planBody(plan)}${jobLogFolds(logs)}`;
  return details(escapeMarkdown(titles.join('; ')), body);
}
