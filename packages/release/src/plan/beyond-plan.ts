import {
  formatPointer,
  isJsonObject,
  type JsonValue,
  type PlannedChange,
  parsePointer,
  valueAt,
} from '@slipway/core';
import { isJob, mayBeJob, nameBeforeContent, objectKey, TRACK } from '@slipway/kubernetes';
import type { FieldChange } from '../objects/diff.ts';

/**
 * What a release would change that an earlier plan does not have. A field counts as planned if the plan gives it the same value,
 * whatever it had before, since that is what was approved; what the server adds inside of a planned value is part of it.
 * @param changes what the release would do, by a comparison with the cluster
 * @param planned what the plan has, by a comparison of manifests
 */
export function changesBeyondPlan(
  changes: readonly PlannedChange[],
  planned: readonly PlannedChange[],
): PlannedChange[] {
  const known = new Map(planned.map(change => [objectKey(change.object), change]));
  return changes.flatMap(change => {
    if (change.action === 'unchanged' || change.action === 'skip') return [];
    if (isJob(change.object)) return isPlannedJob(change, planned) ? [] : [change];
    const before = known.get(objectKey(change.object));
    if (before?.action !== change.action) return [change];
    return change.action === 'change' ? beyondFields(change, before) : [];
  });
}

/** A Job whose content changes is another one, of which the old one is removed: to a comparison of manifests both are one change. */
function isPlannedJob({ object, action }: PlannedChange, planned: readonly PlannedChange[]): boolean {
  const plannedActions: Readonly<Partial<Record<typeof action, readonly PlannedChange['action'][]>>> = {
    create: ['create', 'replace'],
    prune: ['prune', 'replace'],
  };
  const wanted = plannedActions[action] ?? [];
  return planned.some(
    ({ object: other, action: plannedAction }) =>
      isJob(other) &&
      other.namespace === object.namespace &&
      (other.name === object.name || mayBeJob(object.name, other.name)) &&
      wanted.includes(plannedAction),
  );
}

/** The label that a release writes itself, with a change of the pods only. */
const OF_STEPS = formatPointer(['spec', 'template', 'metadata', 'labels', TRACK]);

function beyondFields(change: PlannedChange, { fields: planned = [] }: PlannedChange): PlannedChange[] {
  const { fields: _all, ...others } = change;
  const fields = (change.fields ?? []).filter(
    field => field.pointer !== OF_STEPS && !planned.some(known => covers(known, field)),
  );
  return fields.length === 0 ? [] : [{ ...others, fields }];
}

/** Whether a planned field is the same one, or one that has it inside. */
function covers(known: FieldChange, field: FieldChange): boolean {
  const [above, steps] = [parsePointer(known.pointer), parsePointer(field.pointer)];
  if (above.length > steps.length || above.some((step, index) => step !== steps[index])) return false;
  const after = known.after as JsonValue | undefined;
  const planned = after === undefined ? undefined : valueAt(after, steps.slice(above.length));
  return isWithin(planned, field.after as JsonValue | undefined);
}

function isWithin(planned: JsonValue | undefined, found: JsonValue | undefined): boolean {
  if (planned === undefined || found === undefined) return planned === found;
  if (Array.isArray(planned) && Array.isArray(found))
    return (
      planned.length === found.length &&
      planned.every((item: JsonValue, index: number) => isWithin(item, found[index] as JsonValue))
    );
  if (isJsonObject(planned) && isJsonObject(found))
    return Object.entries(planned).every(([key, value]) => isWithin(value, found[key]));
  return planned === found || areSameName(planned, found);
}

/** A plan without the cluster does not have the key by which ConfigMaps and Secrets are named there. */
function areSameName(planned: JsonValue, found: JsonValue): boolean {
  if (typeof planned !== 'string' || typeof found !== 'string') return false;
  const given = nameBeforeContent(planned);
  return given !== undefined && given === nameBeforeContent(found);
}
