import {
  describeBriefly,
  type KubernetesObject,
  keyOf,
  objectKey,
  referenceTo,
  uidIfAny,
} from '@slipway/kubernetes';
import { copyOfDeployment, type ForeignEdit, heldForm } from '@slipway/steps';
import { managerEntries, ownsField } from '../objects/managed-fields.ts';
import { type Overwrite, overwrites } from '../objects/overwrites.ts';
import { ownersOf } from '../objects/ownership.ts';
import { templateDigest } from '../plan/stable-intact.ts';
import {
  type Held,
  heldOf,
  manifestsOf,
  readStable,
  type StepsContext,
  workloadsOf,
} from './steps-context.ts';
import { besides, readCopies } from './write-copies.ts';

/**
 * What someone else has changed of an open release: a field that Slipway applied to a held object or a copy and does not own any more,
 * such an object that is gone, or the pods of stable, which no step writes before the commit.
 */
export async function foreignEdit(context: StepsContext): Promise<ForeignEdit | undefined> {
  return (await editOfStable(context)) ?? (await editOfHeld(context)) ?? (await editOfCopies(context));
}

async function editOfStable(context: StepsContext): Promise<ForeignEdit | undefined> {
  const { steps } = context;
  // From the commit on it is written, and an undo goes to whatever serves.
  if (typeof steps.times['commit-began'] === 'string' || steps.phase === 'undoing') return undefined;
  for (const { name, uid, template } of steps.stable.workloads) {
    const live = await readStable(context, name);
    if (live === undefined) return byHand(`someone removed Deployment ${name}, which serves`);
    if (uidIfAny(live) !== uid)
      return byHand(`someone removed Deployment ${name}, which served, and created it again`);
    if (templateDigest(live) !== template)
      return byHand(`someone changed the pods of Deployment ${name}, which serves`);
  }
  return undefined;
}

function byHand(what: string): ForeignEdit {
  return { what, canBeTakenBack: false };
}

async function editOfHeld(context: StepsContext): Promise<ForeignEdit | undefined> {
  const recorded = new Map(context.steps.held.map(({ kind, name, uid }) => [`${kind} ${name}`, uid]));
  for (const held of heldOf(context)) {
    const { reference, isNew } = held;
    const live = await context.client.get(reference);
    const uid = recorded.get(`${reference.kind} ${reference.name}`);
    // One that the release brings does not exist at first.
    if (live === undefined && isNew && context.steps.times.brought === undefined) continue;
    if (live === undefined)
      return { what: `someone removed ${describeBriefly(reference)}`, canBeTakenBack: isNew };
    if (uid !== undefined && uidIfAny(live) !== uid)
      return byHand(`someone removed ${describeBriefly(reference)} and created it again`);
    const edits = formsOf(context, held).map(form => firstEdit(context, form, live));
    const edit = takenSelector(context, live) ?? (edits.includes(undefined) ? undefined : edits[0]);
    if (edit !== undefined) return edit;
  }
  return undefined;
}

/** As it is held, and at the end of a commit, in which a run may have died, as the manifests of the release have it. */
function formsOf(context: StepsContext, { base, reference }: Held): readonly KubernetesObject[] {
  const { steps, release } = context;
  const narrowed = heldForm(base, steps.target.selector);
  if (steps.phase !== 'committing' || !isEnding(context)) return [narrowed];
  const released = manifestsOf(release).find(object => keyOf(object) === objectKey(reference));
  return [narrowed, released ?? base];
}

async function editOfCopies(context: StepsContext): Promise<ForeignEdit | undefined> {
  const { steps, release } = context;
  const copies = await readCopies(context);
  const gone = release.objects.find(
    entry =>
      entry.copyOf !== undefined &&
      entry.uid !== undefined &&
      (entry.kind !== 'Deployment' || (steps.target.sizes[entry.copyOf] ?? 0) > 0) &&
      !copies.some(({ live }) => uidIfAny(live) === entry.uid),
  );
  if (gone !== undefined && steps.phase !== 'undoing' && !isEnding(context))
    return { what: `someone removed ${describeBriefly(gone)}`, canBeTakenBack: true };
  for (const { name, next } of workloadsOf(context)) {
    const live = copies.find(
      ({ entry, live: one }) => entry.copyOf === name && one.kind === 'Deployment',
    )?.live;
    if (live === undefined) continue;
    const edit = firstEdit(context, copyOfDeployment(next, steps.target.sizes[name] ?? 0), live);
    if (edit !== undefined) return edit;
  }
  return isEnding(context) ? undefined : editBeside(context, copies);
}

/** An edit of the Services and budgets of the copies: a check before users come would be asked of something else. */
function editBeside(
  context: StepsContext,
  copies: Awaited<ReturnType<typeof readCopies>>,
): ForeignEdit | undefined {
  const applied = new Map(besides(context).map(object => [keyOf(object), object]));
  for (const { live } of copies) {
    const object = applied.get(keyOf(live));
    const edit = object && firstEdit(context, object, live);
    if (edit !== undefined) return edit;
  }
  return undefined;
}

/** Whoever else owns the selector would refuse the next step, whatever it says now. */
function takenSelector({ manager }: StepsContext, live: KubernetesObject): ForeignEdit | undefined {
  const others = managerEntries(live).filter(
    ({ name, isApply, fields }) => !(name === manager && isApply) && ownsField(fields, ['spec', 'selector']),
  );
  if (others.length === 0) return undefined;
  const who = [...new Set(others.map(({ name }) => name))].join(' and ');
  return {
    what: `${who} changed /spec/selector of ${describeBriefly(referenceTo(live))}`,
    canBeTakenBack: true,
  };
}

/** At the end of a commit the copies go. */
function isEnding({ steps }: StepsContext): boolean {
  return Object.values(steps.target.sizes).every(size => size === 0);
}

function firstEdit(
  { manager }: StepsContext,
  applied: KubernetesObject,
  live: KubernetesObject,
): ForeignEdit | undefined {
  const [first] = overwrites(applied, live, ownersOf(live, manager));
  return first && { what: sentenceOf(first, live), canBeTakenBack: true };
}

function sentenceOf({ managers, pointer, live: value }: Overwrite, live: KubernetesObject): string {
  const who = managers.length === 0 ? 'someone' : managers.join(' and ');
  return `${who} ${value === undefined ? 'removed' : 'changed'} ${pointer} of ${describeBriefly(referenceTo(live))}`;
}
