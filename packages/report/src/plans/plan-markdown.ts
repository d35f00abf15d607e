import type { Plan, PlannedChange } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import { code, codeBlock, details, table } from '../markdown/blocks.ts';
import { escapeMarkdown } from '../markdown/escape.ts';
import {
  adoptionLines,
  adoptionTitle,
  againstLines,
  beyondLines,
  fieldLines,
  imageLine,
  isShown,
  isShownWithAdopt,
  notesOf,
  ownChanges,
  planTitle,
  refusedStill,
  signOf,
} from './plan-lines.ts';
import { stepsLines } from './steps-lines.ts';

/** Fields of one object that a fold shows. */
const MAX_SHOWN_FIELDS = 50;
/** Rows of the table; plan.json has them all. */
const MAX_ROWS = 200;

/** A plan for people: what changes, each object with its fields in a fold. */
export function planMarkdown(plan: Plan, heading: string): string {
  return `\n## ${escapeMarkdown(heading)}\n\n${escapeMarkdown(planTitle(plan))}\n${planBody(plan)}`;
}

/** A plan below a title of its own: what limits it, and what changes. */
export function planBody(plan: Plan): string {
  const waits = (plan.waits ?? []).map(wait => `Not yet: ${wait}`);
  const said = [...stepsLines(plan), ...againstLines(plan), ...waits, ...(plan.limits ?? [])];
  const limits = said.map(limit => `\n> ${escapeMarkdown(limit)}\n`).join('');
  const changes = ownChanges(plan).filter(isShown);
  const list = !isShownWithAdopt(plan) && hasList(plan, changes) ? changesList(changes) : '';
  return `${limits}${imagesList(plan)}${list}${adoptionMarkdown(plan)}`;
}

/** Where it is not known what changes, or everything is refused, an empty list would say that nothing does. */
function hasList({ notCompared, against, unknown }: Plan, changes: readonly PlannedChange[]): boolean {
  return changes.length > 0 || (notCompared === undefined && against === undefined && unknown === undefined);
}

function imagesList({ images = [] }: Plan): string {
  return images.length === 0 ? '' : `\n${codeBlock(images.map(imageLine))}\n`;
}

export function changesList(changes: readonly PlannedChange[]): string {
  const rows = changes
    .slice(0, MAX_ROWS)
    .map(change => [
      code(signOf(change)),
      escapeMarkdown(describeObject(change.object)),
      change.unread === true ? 'not compared' : change.action,
      escapeMarkdown(notesOf(change)),
    ]);
  const more = changes.length > MAX_ROWS ? `\nand ${changes.length - MAX_ROWS} more\n` : '';
  const folds = changes
    .filter(({ fields = [] }) => fields.length > 0)
    .slice(0, MAX_ROWS)
    .map(change =>
      details(escapeMarkdown(describeObject(change.object)), codeBlock(fieldLines(change, MAX_SHOWN_FIELDS))),
    );
  const list = rows.length === 0 ? '\nNothing changes.\n' : table(['', 'object', 'action', ''], rows);
  return `${list}${more}\n${folds.join('')}`;
}

/** What a release with `adopt` would do, where this one is refused for what belongs to others; empty otherwise. */
function adoptionMarkdown(plan: Plan): string {
  const { adoption } = plan;
  if (adoption === undefined) return '';
  const { unknown, changes, refusals = [] } = adoption;
  const title = unknown === undefined ? adoptionTitle(plan, adoption) : adoptionLines(plan).join('');
  const refused = refusals.map(text => `\n> ${escapeMarkdown(refusedStill(text))}\n`).join('');
  const shown = changes.filter(isShown);
  return `\n**${escapeMarkdown(title)}**\n${refused}${shown.length === 0 ? '' : changesList(shown)}`;
}

/** What a release does beside what was approved; empty if nothing was approved before. */
export function beyondMarkdown(plan: Plan | undefined): string {
  const [title = '', ...lines] = plan === undefined ? [] : beyondLines(plan);
  if (title === '') return '';
  return `**${escapeMarkdown(title)}**\n\n${lines.length === 0 ? '' : `${changesList(plan?.beyond?.changes ?? [])}\n`}`;
}
