import { describeObject, type Plan, type Release } from '@slipway/core';
import { code, codeBlock, details, escapeMarkdown, table } from '@slipway/github';
import { fieldLines, planTitle, SIGNS } from './plan.ts';

/** Fields of one object that the summary shows in its fold. */
const MAX_SHOWN_FIELDS = 50;
/** Rows of the summary's table; plan.json has them all. */
const MAX_ROWS = 200;

/** The plan as a person wants to see it: what changes, each with its fields in a fold. */
export function planSummary(plan: Plan, heading: string): string {
  const changes = plan.changes.filter(({ action }) => action !== 'unchanged');
  const rows = changes
    .slice(0, MAX_ROWS)
    .map(change => [
      code(SIGNS[change.action]),
      escapeMarkdown(describeObject(change.object)),
      change.action,
      escapeMarkdown(
        [change.restarts === true ? 'restarts pods' : '', change.note ?? ''].filter(Boolean).join('; '),
      ),
    ]);
  const more = changes.length > MAX_ROWS ? `\nand ${changes.length - MAX_ROWS} more\n` : '';
  const folds = changes
    .filter(({ fields = [] }) => fields.length > 0)
    .slice(0, MAX_ROWS)
    .map(change =>
      details(escapeMarkdown(describeObject(change.object)), codeBlock(fieldLines(change, MAX_SHOWN_FIELDS))),
    );
  const list = rows.length === 0 ? '\nNothing changes.\n' : table(['', 'object', 'action', ''], rows);
  return `\n## ${escapeMarkdown(heading)}\n\n${escapeMarkdown(planTitle(plan))}\n${list}${more}\n${folds.join('')}`;
}

export function releaseSummary(release: Release): string {
  const { number, application, formation, namespace, deploymentTag, objects } = release;
  const tag = deploymentTag === undefined ? '' : `, deployment tag ${code(deploymentTag)}`;
  const written = objects.filter(object => object.written).length;
  return `\nRelease **${number}** of ${code(`${application}/${formation}`)} in namespace ${code(namespace)}${tag}: ${written} of ${objects.length} objects written.\n`;
}
