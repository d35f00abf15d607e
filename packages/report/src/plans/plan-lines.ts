import { count, type Plan, type PlannedChange, quote, stringifyJson } from '@slipway/core';
import { describeObject } from '@slipway/kubernetes';
import { differingLines } from './differing-lines.ts';

/** Fields of one object that lines show; plan.json has them all. */
const MAX_LOGGED_FIELDS = 12;

/** The number of objects that would be written or removed. */
export function countChanges({ changes }: Plan): number {
  return changes.filter(({ action }) => action !== 'unchanged' && action !== 'skip').length;
}

/** What deploying would do, in one sentence. */
export function planTitle(plan: Plan): string {
  const { changes, method, notCompared = 0 } = plan;
  const compared = changes.filter(({ unread }) => unread !== true);
  const counts = Object.entries(Object.groupBy(compared, ({ action }) => action));
  const parts = counts.map(([action, some]) => `${some.length} ${WORDS[action as PlannedChange['action']]}`);
  const drifted = changes.filter(hasDrifted).length;
  const restarting = changes.filter(({ restarts }) => restarts === true).length;
  const all = [
    ...parts,
    ...(compared.length === changes.length ? [] : [`${changes.length - compared.length} not compared`]),
    ...(notCompared === 0 ? [] : [`${notCompared} refused`]),
    ...(drifted === 0 ? [] : [`${drifted} drifted`]),
    ...(restarting === 0 ? [] : [`${restarting} whose pods restart`]),
  ];
  return `${all.length === 0 ? withoutChanges(plan) : all.join(', ')} (${METHODS[method]}${beside(plan)})`;
}

/** What a plan without a change says: that one was looked for and not found, which does not mean that there is none. */
export function withoutChanges({ unknown, against, method }: Plan): string {
  if (unknown !== undefined) return 'what changes is not known';
  if (against?.reproduced === false) return 'no change was found, which is not certain';
  return method === 'trees' && against !== undefined ? 'the manifests do not change' : 'nothing to do';
}

function beside({ against }: Plan): string {
  return against === undefined ? '' : `, beside release ${against.release}`;
}

const METHODS: Readonly<Record<Plan['method'], string>> = {
  'dry-run': "by the server's dry run",
  merge: 'by a local merge',
  trees: 'without a cluster',
};

/** Whether someone changed in the cluster what the manifest still has. */
export function hasDrifted({ fields = [] }: PlannedChange): boolean {
  return fields.some(({ drifted }) => drifted === true);
}

/** Whether a plan shows the change to people. */
export function isShown({ action, note }: PlannedChange): boolean {
  return action !== 'unchanged' || note !== undefined;
}

const WORDS: Readonly<Record<PlannedChange['action'], string>> = {
  create: 'to create',
  change: 'to change',
  replace: 'to replace',
  prune: 'to remove',
  unchanged: 'unchanged',
  skip: 'done before',
};

/** The sign of a change: a question mark where it is not known whether there is one. */
export function signOf({ action, unread }: PlannedChange): string {
  return unread === true ? '?' : SIGNS[action];
}

export const SIGNS: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  change: '~',
  replace: '±',
  prune: '-',
  unchanged: '=',
  skip: '=',
};

/** The plan as the log shows it: what changes, with its fields. */
export function planLines(plan: Plan): string[] {
  return [...(plan.images ?? []).map(imageLine), ...changeLines(ownChanges(plan))];
}

/** The changes of a plan; none where the same plan with `adopt` is shown instead, since this one can only be refused. */
export function ownChanges(plan: Plan): readonly PlannedChange[] {
  return isShownWithAdopt(plan) ? [] : plan.changes;
}

export function isShownWithAdopt({ adoption }: Plan): boolean {
  return adoption !== undefined && adoption.unknown === undefined;
}

function changeLines(changes: readonly PlannedChange[]): string[] {
  return changes
    .filter(isShown)
    .flatMap(change => [`${signOf(change)} ${changeTitle(change)}`, ...fieldLines(change)]);
}

/** Which release a plan was made against, and from what that was rendered; empty for a plan with the cluster. */
export function againstLines({ against, unknown }: Plan): string[] {
  if (unknown !== undefined) return [`What changes is not known: ${unknown}`];
  if (against === undefined) return [];
  const { release, deploymentTag, configRevision, verdict, verified } = against;
  const from =
    configRevision === undefined ? '' : `, stencils and config of ${quote(configRevision.slice(0, 12))}`;
  const tag = deploymentTag === undefined ? '' : `, ${quote(deploymentTag)}`;
  return [`Made against release ${release}${tag}${from}: ${verdict} at ${verified}`];
}

/** What a release does beside what was approved, before all else; empty if nothing was approved before. */
export function beyondLines({ beyond }: Plan): string[] {
  if (beyond === undefined) return [];
  const { unknown, changes } = beyond;
  if (unknown !== undefined)
    return [`What this does beyond the plan that was approved is not known: ${unknown}`];
  if (changes.length === 0) return ['Nothing beyond the plan that was approved'];
  return [`Beyond the plan that was approved: ${count(changes.length, 'object')}`, ...changeLines(changes)];
}

/** What a release with `adopt` would do, where one without it is refused for what belongs to others; empty otherwise. */
export function adoptionLines(plan: Plan): string[] {
  const { adoption } = plan;
  if (adoption === undefined) return [];
  const { unknown, changes, refusals = [] } = adoption;
  if (unknown !== undefined) return [`What adopt would change is not known: ${unknown}`];
  return [adoptionTitle(plan, adoption), ...changeLines(changes), ...refusals.map(refusedStill)];
}

/** The changes of an adoption in one sentence. */
export function adoptionTitle(plan: Plan, { changes, notCompared }: NonNullable<Plan['adoption']>): string {
  const { notCompared: _refused, against: _beside, ...own } = plan;
  const all = { ...own, changes, ...(notCompared === undefined ? {} : { notCompared }) };
  return `With adopt, which takes over what belongs to others: ${planTitle(all)}`;
}

/** How a job of a workflow takes over what the plan shows. */
export const HOW_TO_ADOPT =
  'Nothing was taken over; to do that, start the workflow by hand with adopt (workflows that slipway wrote have that input), or set adopt: true for this step.';

export function refusedStill(refusal: string): string {
  return `With adopt it would be refused: ${refusal}`;
}

export function imageLine({ service, before, after }: NonNullable<Plan['images']>[number]): string {
  return `image ${service}: ${before ?? 'nothing'} -> ${after ?? 'nothing'}`;
}

export function changeTitle(change: PlannedChange): string {
  const notes = notesOf(change);
  return `${describeObject(change.object)}${notes === '' ? '' : ` (${notes})`}`;
}

export function notesOf(change: PlannedChange): string {
  const { restarts, note } = change;
  const notes = [restarts === true ? 'restarts pods' : '', hasDrifted(change) ? 'drifted' : '', note ?? ''];
  return notes.filter(text => text !== '').join('; ');
}

export function fieldLines({ fields = [] }: PlannedChange, limit = MAX_LOGGED_FIELDS): string[] {
  const lines = fields.slice(0, limit).flatMap(linesOfField);
  return fields.length > limit ? [...lines, `    and ${fields.length - limit} more fields`] : lines;
}

type PlannedField = NonNullable<PlannedChange['fields']>[number];

function linesOfField(field: PlannedField): string[] {
  const drift = field.drifted === true ? ' (drifted)' : '';
  const { before, after } = field;
  if (typeof before === 'string' && typeof after === 'string' && [before, after].some(isLong))
    return [`    ${field.pointer}:${drift}`, ...differingLines(before, after).map(line => `      ${line}`)];
  const change =
    'before' in field || 'after' in field
      ? `: ${shownBeside(before, after)} -> ${shownBeside(after, before)}`
      : '';
  return [`    ${field.pointer}${change}${drift}`];
}

/** Whether its beginning would not show where the text differs. */
function isLong(text: string): boolean {
  return text.length > 80 || text.includes('\n');
}

/** A text is in quotes where it would look like the value of another type beside it, as `"1"` and 1 do. */
function shownBeside(value: unknown, other: unknown): string {
  const looksAlike = typeof value === 'string' && typeof other !== 'string' && shown(value) === shown(other);
  return looksAlike ? quote(value) : shown(value);
}

function shown(value: unknown): string {
  return value === undefined
    ? 'nothing'
    : quote(typeof value === 'string' ? value : stringifyJson(value)).slice(1, -1);
}
