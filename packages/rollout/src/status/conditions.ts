import type { JsonObject } from '@slipway/core';
import {
  booleanAt,
  generationOf,
  type KubernetesObject,
  numberAt,
  objectsAt,
  textAt,
} from '@slipway/kubernetes';
import { oneLine } from '../text.ts';
import { inProgress, type Status } from './status.ts';

/** Controllers may write anything into a custom resource, so every field is checked. */
export const LONGEST_WORD = 100;

export interface Condition {
  readonly type: string;
  /** `True`, `False` or `Unknown`; empty where it has none, as in lists of what is wrong just now. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** How grave it is that the condition is not True; `Info` where that is not a fault. Empty in most. */
  readonly severity: string;
  readonly observedGeneration: number | undefined;
}

export function conditionsOf(object: JsonObject, ...path: string[]): readonly Condition[] {
  const where = path.length === 0 ? ['status', 'conditions'] : path;
  return objectsAt(object, ...where).map(readCondition);
}

function readCondition(condition: JsonObject): Condition {
  return {
    type: typeOf(condition),
    status: statusOf(condition),
    reason: oneLine(textAt(condition, 'reason') ?? '', LONGEST_WORD),
    message: oneLine(textAt(condition, 'message') ?? ''),
    severity: oneLine(textAt(condition, 'severity') ?? '', LONGEST_WORD),
    observedGeneration: numberAt(condition, 'observedGeneration'),
  };
}

function typeOf(condition: JsonObject): string {
  return oneLine(textAt(condition, 'type') ?? '', LONGEST_WORD);
}

/** Some controllers write a boolean, or the word in lower case. */
function statusOf(condition: JsonObject): string {
  // Go writes what was never set as an empty text; only a condition that has no such field at all is a plain list of faults.
  if (textAt(condition, 'status') === '') return 'Unknown';
  const status = textAt(condition, 'status') ?? String(booleanAt(condition, 'status') ?? '');
  return oneLine(
    status.replace(/^(?:true|false|unknown)$/, word => `${word.charAt(0).toUpperCase()}${word.slice(1)}`),
    LONGEST_WORD,
  );
}

export function conditionOf(object: KubernetesObject, type: string): Condition | undefined {
  // Thousands of pods are asked for a few conditions each, so that no other one is read.
  const found = objectsAt(object, 'status', 'conditions').find(condition => typeOf(condition) === type);
  return found && readCondition(found);
}

/** The condition if it holds. */
export function holds(object: KubernetesObject, type: string): Condition | undefined {
  const condition = conditionOf(object, type);
  return condition?.status === 'True' ? condition : undefined;
}

/** The generation that the object's controller has observed; some custom resources store the number as text. */
export function observedGeneration(object: KubernetesObject): number | undefined {
  const text = textAt(object, 'status', 'observedGeneration');
  if (text !== undefined && /^\d{1,15}$/.test(text)) return Number(text);
  return numberAt(object, 'status', 'observedGeneration');
}

/** The status until the controller has observed the object's newest generation: its conditions are about an older one. */
export function notObservedYet(object: KubernetesObject): Status | undefined {
  const generation = generationOf(object);
  if (generation === undefined || (observedGeneration(object) ?? 0) >= generation) return undefined;
  return inProgress(`waiting for its controller to observe generation ${generation}`);
}
