import { isJsonObject, type JsonObject, type JsonValue, parsePointer, type Release } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { heldForm, type SelectorForm } from '@slipway/steps';
import { type Stamp, stampOf } from '../objects/body.ts';
import { type Overwrite, overwrites } from '../objects/overwrites.ts';
import { ownersOf } from '../objects/ownership.ts';
import { type Held, heldOf, type StepsContext } from './steps-context.ts';
import { writeLookedAt } from './write-temporary.ts';

/**
 * Gives all held objects a form: Services send to stable, to both versions or to the copy. A new Service is created in it.
 * @param force takes back what others have changed of them
 */
export async function writeHeld(context: StepsContext, form: SelectorForm, force = false): Promise<void> {
  for (const held of heldOf(context)) await writeOne(context, held, heldForm(held.base, form), force);
}

/** Gives an object that is held what it had before it was. */
export async function writeBase(context: StepsContext, held: Held): Promise<void> {
  await writeOne(context, held, held.base, false);
}

/**
 * Gives an object what it had before it was held, whoever else has changed it meanwhile: of what others own now only the selector is taken
 * back, such as from someone who sent users to stable by hand. What someone has removed is there again.
 */
export async function restoreBase(context: StepsContext, held: Held): Promise<void> {
  await writeByForce(context, held, live =>
    live === undefined ? held.base : withValues(held.base, ownedByOthers(held.base, live, context)),
  );
}

async function writeOne(
  context: StepsContext,
  held: Held,
  object: KubernetesObject,
  force: boolean,
): Promise<void> {
  await writeLookedAt({ ...stamping(context, held), force }, held.reference, live => {
    // One that is gone was removed by someone: what it was cannot be known.
    if (live === undefined && !held.isNew) return undefined;
    return object;
  });
}

/**
 * Sends users to stable, whoever else has changed the Service: of what others changed only the selector is taken back. One that someone
 * has removed is there again as stable had it; one that the release brought stays away.
 */
export async function sendHome(context: StepsContext, held: Held): Promise<void> {
  const { manager } = context;
  const home = heldForm(held.base, 'stable');
  await writeByForce(context, held, live => {
    if (live !== undefined) return withOthersKept(home, live, manager);
    return held.isNew ? undefined : home;
  });
}

/** Creates again what someone has removed, for users whom only the copy can serve. */
export async function bringBack(context: StepsContext, held: Held): Promise<void> {
  await writeByForce(context, held, live => (live === undefined ? heldForm(held.base, 'both') : undefined));
}

async function writeByForce(
  context: StepsContext,
  held: Held,
  objectFor: (live: KubernetesObject | undefined) => KubernetesObject | undefined,
): Promise<void> {
  await writeLookedAt({ ...stamping(context, held), force: true }, held.reference, objectFor);
}

/**
 * What existed before keeps the stamp of the release that wrote it, as an undo leaves it as it was. One that the commit has written already
 * is written for the release that serves.
 */
function stamping({ client, manager, set, signal, release, stable }: StepsContext, { isNew }: Held) {
  const own = stampFrom(release);
  const stampFor = (live: KubernetesObject | undefined): Stamp => {
    if (isNew) return own;
    const stamp = stampOf(live);
    return live === undefined || stamp.release === own.release ? stampFrom(stable) : stamp;
  };
  return { client, manager, set, signal, stampFor };
}

function stampFrom({ number, deploymentTag }: Release): Stamp {
  return { release: String(number), deploymentTag };
}

/** The object with the values that others have given its fields, except for the selector. */
export function withOthersKept(
  object: KubernetesObject,
  live: KubernetesObject,
  manager: string,
): KubernetesObject {
  return withValues(object, beyondSelector(object, live, manager));
}

function ownedByOthers(
  object: KubernetesObject,
  live: KubernetesObject,
  { manager }: StepsContext,
): readonly Overwrite[] {
  return beyondSelector(object, live, manager).filter(({ managers }) => managers.length > 0);
}

function beyondSelector(
  object: KubernetesObject,
  live: KubernetesObject,
  manager: string,
): readonly Overwrite[] {
  return overwrites(object, live, ownersOf(live, manager)).filter(
    ({ pointer }) => pointer !== '/spec/selector' && !pointer.startsWith('/spec/selector/'),
  );
}

function withValues(object: KubernetesObject, changed: readonly Overwrite[]): KubernetesObject {
  return changed.reduce<KubernetesObject>(
    (kept, { pointer, live: value }) => withValue(kept, parsePointer(pointer), value) as KubernetesObject,
    object,
  );
}

/** @param value undefined to leave the field out */
function withValue(
  node: JsonValue | undefined,
  [step, ...rest]: readonly string[],
  value: JsonValue | undefined,
): JsonValue {
  if (step === undefined) return value ?? null;
  if (Array.isArray(node)) {
    const items: readonly JsonValue[] = node;
    return items.flatMap((item, index) => {
      if (String(index) !== step) return [item];
      return rest.length === 0 && value === undefined ? [] : [withValue(item, rest, value)];
    });
  }
  const fields: JsonObject = isJsonObject(node) ? node : {};
  if (rest.length > 0) return { ...fields, [step]: withValue(fields[step], rest, value) };
  const { [step]: _before, ...others } = fields;
  return value === undefined ? others : { ...others, [step]: value };
}
