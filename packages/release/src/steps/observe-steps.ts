import { numberAt, objectKey } from '@slipway/kubernetes';
import { type ForeignEdit, formOf, isNarrowed, type SelectorForm } from '@slipway/steps';
import { keysOf } from './commit-halves.ts';
import { differenceOf } from './difference.ts';
import { areSentTo } from './endpoints.ts';
import { foreignEdit } from './foreign-edits.ts';
import { readServing, sizesOf } from './stable-serves.ts';
import { heldKeys, heldOf, type StepsContext } from './steps-context.ts';
import { strangerBeside } from './strangers.ts';
import { readCopies } from './write-copies.ts';

/** How far the cluster is from the target of an open release, without a judgement of its pods. */
export interface SeenSteps {
  /** Whether each copy has as many pods as the target says, or is gone where it says none. */
  readonly areCopiesSized: boolean;
  readonly selector: SelectorForm | 'mixed';
  /** Whether the Services of the copies send to all of their Ready pods. */
  readonly areCopiesSentTo: boolean;
  /** Whether a workload of stable is not in the cluster at all. */
  readonly isStableGone: boolean;
  /** Whether each workload of stable has a Ready pod; for one that is to have none, true. */
  readonly stableServes: boolean;
  readonly stableSizes: Readonly<Record<string, number>>;
  /** Why stable's Ready pods get no user once Services are narrowed to it, and what to do. */
  readonly unselected: string | undefined;
  readonly foreign: ForeignEdit | undefined;
  /** What would get users beside stable at the end, and is not Slipway's to delete. */
  readonly stranger: string | undefined;
  /** How stable differs from what it was before a release that is undone. */
  readonly differs: string | undefined;
  readonly lastHalf: 'to-write' | 'written' | 'taken-back';
  readonly held: 'narrowed' | 'as-released' | 'as-stable';
  readonly isFirstHalfTakenBack: boolean;
}

export async function observeSteps(context: StepsContext): Promise<SeenSteps> {
  const copies = await readCopies(context);
  const stable = await readServing(context, copies);
  const deployments = copies.filter(({ live }) => live.kind === 'Deployment');
  return {
    areCopiesSized: areSized(context, copies),
    selector: await selectorOf(context),
    areCopiesSentTo: await areSentTo(
      context,
      deployments.map(({ live }) => live),
    ),
    isStableGone: stable.some(({ live }) => live === undefined),
    stableServes: stable.every(({ isServing }) => isServing),
    stableSizes: sizesOf(stable),
    unselected: stable.find(({ unselected }) => unselected !== undefined)?.unselected,
    foreign: await foreignEdit(context),
    stranger: await strangerBeside(context, copies),
    differs: differenceOf(context, stable),
    lastHalf: lastHalfOf(context),
    held: copies.length > 0 ? 'narrowed' : await heldState(context),
    isFirstHalfTakenBack: isTakenBack(context),
  };
}

function areSized({ steps }: StepsContext, copies: Awaited<ReturnType<typeof readCopies>>): boolean {
  const sizes = Object.entries(steps.target.sizes);
  // At home nothing temporary is left at all.
  const isEnding = steps.phase === 'undoing' || steps.phase === 'committing';
  if (isEnding && sizes.every(([, size]) => size === 0)) return copies.length === 0;
  return sizes.every(([name, size]) => {
    const copy = copies.find(({ entry, live }) => live.kind === 'Deployment' && entry.copyOf === name);
    return size === 0 ? copy === undefined : numberAt(copy?.live ?? {}, 'spec', 'replicas') === size;
  });
}

async function selectorOf(context: StepsContext): Promise<SelectorForm | 'mixed'> {
  const forms = new Set<SelectorForm | undefined>();
  for (const { reference, base } of heldOf(context)) {
    if (base.kind !== 'Service') continue;
    const live = await context.client.get(reference);
    if (live !== undefined) forms.add(formOf(live));
  }
  const [only, ...others] = forms;
  if (forms.size === 0) return context.steps.target.selector;
  return only === undefined || others.length > 0 ? 'mixed' : only;
}

/** By the record: what a run wrote and died before noting is written again, or looked at again, by the next one. */
function lastHalfOf(context: StepsContext): SeenSteps['lastHalf'] {
  const { release } = context;
  const last = keysOf(release, 'last');
  const held = heldKeys(context);
  const entries = release.objects.filter(entry => last.has(objectKey(entry)) && !held.has(objectKey(entry)));
  if (release.steps?.phase === 'undoing')
    return entries.some(({ written, toWrite }) => written || toWrite === true) ? 'to-write' : 'taken-back';
  return entries.some(({ toWrite }) => toWrite === true) ? 'to-write' : 'written';
}

async function heldState(context: StepsContext): Promise<SeenSteps['held']> {
  const { release } = context;
  const own = new Map(release.objects.map(entry => [objectKey(entry), entry]));
  const entries = heldOf(context).map(held => ({ held, entry: own.get(objectKey(held.reference)) }));
  if (release.steps?.phase === 'undoing') {
    const open = entries.filter(({ held }) => !held.isNew);
    if (open.some(({ entry }) => entry?.toWrite === true || entry?.written === true)) return 'narrowed';
    // What leaves the formation has no entry, and what someone has removed is to be there again.
    for (const { held, entry } of open) {
      const live = await context.client.get(held.reference);
      if (live === undefined || (entry === undefined && isNarrowed(live))) return 'narrowed';
    }
    return 'as-stable';
  }
  return release.applied === undefined ? 'narrowed' : 'as-released';
}

function isTakenBack(context: StepsContext): boolean {
  const first = keysOf(context.release, 'first');
  const created = new Set(
    heldOf(context)
      .filter(({ isNew }) => isNew)
      .map(({ reference }) => objectKey(reference)),
  );
  return !context.release.objects.some(
    entry =>
      (first.has(objectKey(entry)) || created.has(objectKey(entry))) &&
      (entry.written || entry.toWrite === true),
  );
}
