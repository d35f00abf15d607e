import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plan, stringifyJson } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { KubernetesObject } from '@slipway/kubernetes';
import { makeFolder } from '@slipway/render';
import {
  adoptionLines,
  againstLines,
  beyondLines,
  countChanges,
  HOW_TO_ADOPT,
  planLines,
  planMarkdown,
  planTitle,
  stepsLines,
  targetName,
} from '@slipway/report';
import { stringifyYaml } from '@slipway/yaml';

/** Shows a plan in the log, and writes plan.json and plan.md where later steps find them. */
export async function showPlan(plan: Plan, runner: Runner): Promise<void> {
  runner.setOutput('plan', await writePlan(plan, runner));
  // Zero would say that nothing changes.
  runner.setOutput('changes', plan.unknown === undefined ? String(countChanges(plan)) : '');
  showBeyond(plan, runner);
  if (!isRefused(plan)) {
    runner.logger.info(`${titleOf(plan)}: ${planTitle(plan)}`);
    for (const line of [...stepsLines(plan), ...againstLines(plan), ...(plan.limits ?? [])])
      runner.logger.info(`  ${line}`);
    for (const line of planLines(plan)) runner.logger.info(line);
  }
  showAdoption(plan, runner);
}

/** Whoever is refused for what belongs to others has to know what taking it over would change. */
function showAdoption(plan: Plan, { logger }: Runner): void {
  for (const line of adoptionLines(plan)) logger.info(line);
  if (plan.adoption !== undefined && plan.adoption.unknown === undefined) logger.info(HOW_TO_ADOPT);
}

/** Whoever approved a plan is told first what it did not show. */
function showBeyond(plan: Plan, { logger }: Runner): void {
  const [title, ...lines] = beyondLines(plan);
  if (title === undefined) return;
  const isFine = plan.beyond?.unknown === undefined && lines.length === 0;
  if (isFine) logger.info(title);
  else logger.warning(title);
  for (const line of lines) logger.info(line);
}

/** A plan that nothing follows has a page of its own. */
export async function showPlanAlone(plan: Plan, runner: Runner): Promise<void> {
  await showPlan(plan, runner);
  if (!isRefused(plan) || plan.adoption !== undefined) runner.addSummary(pageOf(plan));
}

/** Where every object is refused there is no plan, and the errors say all. */
function isRefused({ changes, notCompared }: Plan): boolean {
  return changes.length === 0 && notCompared !== undefined;
}

function pageOf(plan: Plan): string {
  return planMarkdown(plan, `Plan for ${titleOf(plan)}`);
}

function titleOf(plan: Plan): string {
  return `${targetName(plan)}, namespace ${plan.namespace}`;
}

/** @param latest the newest release; 0 without one */
export function showPreviousRelease(latest: number, runner: Runner): void {
  runner.setOutput('previous-release', latest === 0 ? '' : String(latest));
}

/** Someone who may grant rights can apply what the log shows as it is. */
export function showRoles(roles: readonly KubernetesObject[], { logger }: Runner): void {
  const text = roles.map(role => stringifyYaml(role)).join('---\n');
  for (const line of text.split('\n')) if (line !== '') logger.info(line);
}

/** @returns the absolute path of plan.json */
async function writePlan(plan: Plan, { temporaryDirectory }: Runner): Promise<string> {
  const { application, formation, destination, namespace } = plan;
  const folder = join(temporaryDirectory, 'slipway', application, formation, destination || namespace);
  await makeFolder(folder);
  const path = join(folder, 'plan.json');
  await writeFile(path, `${stringifyJson(plan, 2)}\n`);
  await writeFile(join(folder, 'plan.md'), pageOf(plan));
  return path;
}
