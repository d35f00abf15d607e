import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plan, stringifyJson } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { KubernetesObject } from '@slipway/kubernetes';
import { makeFolder } from '@slipway/render';
import { countChanges, planLines, planMarkdown, planTitle } from '@slipway/report';
import { stringifyYaml } from '@slipway/yaml';

/** Shows a plan in the log and the summary, and writes plan.json and plan.md where later steps find them. */
export async function showPlan(plan: Plan, runner: Runner): Promise<void> {
  const { application, formation, destination, namespace, limits = [] } = plan;
  const target = `${application}/${formation}${destination === '' ? '' : ` at ${destination}`}, namespace ${namespace}`;
  const summary = planMarkdown(plan, `Deploy ${target}`);
  runner.setOutput('plan', await writePlan(plan, summary, runner));
  runner.setOutput('changes', String(countChanges(plan)));
  // Where every object is refused there is no plan, and the errors say all.
  if (plan.changes.length === 0 && plan.notCompared !== undefined) return;
  runner.logger.info(`${target}: ${planTitle(plan)}`);
  for (const limit of limits) runner.logger.info(`  ${limit}`);
  for (const line of planLines(plan)) runner.logger.info(line);
  runner.addSummary(summary);
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
async function writePlan(plan: Plan, summary: string, { temporaryDirectory }: Runner): Promise<string> {
  const { application, formation, destination, namespace } = plan;
  const folder = join(temporaryDirectory, 'slipway', application, formation, destination || namespace);
  await makeFolder(folder);
  const path = join(folder, 'plan.json');
  await writeFile(path, `${stringifyJson(plan, 2)}\n`);
  await writeFile(join(folder, 'plan.md'), summary);
  return path;
}
