import { parsePointer, type Release } from '@slipway/core';
import { type KubernetesObject, objectKey, referenceTo, TRACK } from '@slipway/kubernetes';
import { heldForm } from '@slipway/steps';
import { diffFields, type FieldChange } from '../objects/diff.ts';
import { isInSteps } from '../records/in-steps.ts';
import type { Compared } from './compared.ts';

/**
 * What a comparison found of an object that a release in steps holds while it is open: that Slipway itself has narrowed its selector is
 * neither a change of the manifest nor one that someone else made. Any other selector stays what it is.
 * @param newest the record of the newest release
 */
export function besideHeld(
  newest: Pick<Release, 'steps' | 'verdict' | 'namespace'> | undefined,
  object: KubernetesObject,
  compared: Compared,
): Compared {
  const { action, fields = [] } = compared;
  if (action !== 'change' || newest === undefined || !isHeld(newest, object)) return compared;
  const form = newest.steps?.target.selector;
  const narrowed = form === undefined ? [] : diffFields(heldForm(object, form), object);
  const left = fields.filter(field => !narrowed.some(one => isSame(one, field)));
  if (left.length === fields.length) return compared;
  if (left.length > 0 || compared.adopted === true) return { ...compared, fields: left };
  return { ...compared, action: 'unchanged', fields: [] };
}

function isHeld(newest: Pick<Release, 'steps' | 'verdict' | 'namespace'>, object: KubernetesObject): boolean {
  if (!isInSteps(newest)) return false;
  const { namespace } = newest;
  const held = newest.steps?.held ?? [];
  return held.some(one => objectKey({ ...one, namespace }) === objectKey(referenceTo(object)));
}

function isSame(narrowed: FieldChange, { pointer, before }: FieldChange): boolean {
  return parsePointer(pointer).at(-1) === TRACK && narrowed.pointer === pointer && narrowed.before === before;
}
