import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeObject, type Plan, type PlannedChange, quote, stringifyJson } from '@slipway/core';
import type { Runner } from '@slipway/github';

/** Fields of one object that the log shows; plan.json has them all. */
const MAX_LOGGED_FIELDS = 12;

/** Writes plan.json where later steps find it. @returns its absolute path */
export async function writePlan(plan: Plan, { temporaryDirectory }: Runner): Promise<string> {
  const { application, formation, destination, namespace } = plan;
  const folder = join(temporaryDirectory, 'slipway', application, formation, destination || namespace);
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'plan.json');
  await writeFile(path, `${stringifyJson(plan, 2)}\n`);
  return path;
}

/** How many objects would be written or removed. */
export function countChanges({ changes }: Plan): number {
  return changes.filter(({ action }) => action !== 'unchanged' && action !== 'skip').length;
}

/** What deploying does, in a sentence. */
export function planTitle(plan: Plan): string {
  const counts = Object.entries(Object.groupBy(plan.changes, ({ action }) => action));
  const parts = counts.map(
    ([action, changes]) => `${changes.length} ${WORDS[action as PlannedChange['action']]}`,
  );
  return parts.length === 0 ? 'nothing to do' : parts.join(', ');
}

const WORDS: Readonly<Record<PlannedChange['action'], string>> = {
  create: 'to create',
  change: 'to change',
  replace: 'to replace',
  prune: 'to remove',
  unchanged: 'unchanged',
  skip: 'done before',
};

export const SIGNS: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  change: '~',
  replace: '±',
  prune: '-',
  unchanged: '=',
  skip: '=',
};

/** The plan as the log shows it: what changes, with its fields. */
export function planLines({ changes }: Plan): string[] {
  return changes
    .filter(({ action }) => action !== 'unchanged')
    .flatMap(change => [`${SIGNS[change.action]} ${changeTitle(change)}`, ...fieldLines(change)]);
}

export function changeTitle({ object, restarts, note }: PlannedChange): string {
  const notes = [restarts === true ? 'restarts pods' : '', note ?? ''].filter(text => text !== '');
  return `${describeObject(object)}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`;
}

export function fieldLines({ fields = [] }: PlannedChange, limit = MAX_LOGGED_FIELDS): string[] {
  const lines = fields
    .slice(0, limit)
    .map(
      field =>
        `    ${field.pointer}${'before' in field || 'after' in field ? `: ${shown(field.before)} -> ${shown(field.after)}` : ''}`,
    );
  return fields.length > limit ? [...lines, `    and ${fields.length - limit} more fields`] : lines;
}

function shown(value: unknown): string {
  return value === undefined
    ? 'nothing'
    : quote(typeof value === 'string' ? value : stringifyJson(value)).slice(1, -1);
}
