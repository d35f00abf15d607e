import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Plan, stringifyJson } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { makeFolder } from '@slipway/render';
import { countChanges, planLines, planTitle } from './plan.ts';
import { planSummary } from './summary.ts';

/** Shows a plan in the log and in the summary, and writes plan.json and plan.md where later steps find them. */
export async function showPlan(plan: Plan, runner: Runner): Promise<void> {
  const { application, formation, destination, namespace, limits = [] } = plan;
  const place = `${application}/${formation}${destination === '' ? '' : ` at ${destination}`}, namespace ${namespace}`;
  const summary = planSummary(plan, `Deploy ${place}`);
  runner.setOutput('plan', await writePlan(plan, summary, runner));
  runner.setOutput('changes', String(countChanges(plan)));
  runner.logger.info(`${place}: ${planTitle(plan)}`);
  for (const limit of limits) runner.logger.info(`  ${limit}`);
  for (const line of planLines(plan)) runner.logger.info(line);
  runner.addSummary(summary);
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
