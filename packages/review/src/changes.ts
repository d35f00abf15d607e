import type { CheckedTarget } from '@slipway/check';
import { defined, type JsonValue, type PlannedChange, type Position } from '@slipway/core';
import { type KubernetesObject, keyOf, objectKey, readablePath } from '@slipway/kubernetes';
import { compareManifests, planTrees } from '@slipway/release';
import { withoutContentNames } from './content-names.ts';
import { isIgnored } from './ignored.ts';
import type { ReviewedChange, ReviewedField, ReviewedTarget } from './reviewed.ts';

/** What is compared, and whose it is. */
export interface Comparison {
  /** The name of the application; empty for plain manifests, whose ConfigMaps and Secrets are not named by their content. */
  readonly application: string;
  /** Paths of fields that are left out. */
  readonly ignore: readonly string[];
  /** The namespaces that destinations had before, by target: what is in them is not removed. */
  readonly left?: ReadonlyMap<string, string>;
}

/** A checked target with its changes since the base commit. */
export function withChanges(
  target: CheckedTarget,
  { application, ignore, left }: Comparison,
): ReviewedTarget {
  if (target.before === undefined) return { ...target, equal: 0, ignored: 0 };
  const gone = left?.get(target.name);
  const { before, objects } = target.formation === undefined ? withoutOwnNamespace(target) : target;
  const old = [...(before?.values() ?? [])].filter(
    ({ metadata }) => gone === undefined || metadata['namespace'] !== gone,
  );
  const planned = plannedChanges({ ...target, objects }, old, application);
  const states = statesOf(objects, old);
  // Only what Slipway renders has ConfigMaps and Secrets that are named by their content.
  const named = target.formation !== undefined;
  const all = planned.map(change =>
    reviewedChange(named ? withoutContentNames(change, planned) : change, states),
  );
  const ignored = (path: string): boolean => isIgnored(path, ignore);
  const changes = all.flatMap(change => {
    const fields = change.fields.filter(({ path }) => !ignored(path));
    // A note says what changes beside the fields, such as that a Job runs.
    const isLeftOut = fields.length === 0 && change.fields.length > 0 && change.note === undefined;
    return isLeftOut ? [] : [{ ...change, fields }];
  });
  const changed = changes.filter(({ action }) => action !== 'prune').length;
  return {
    ...target,
    changes,
    equal: target.objects.length - changed,
    ignored: all.flatMap(({ fields }) => fields).filter(({ path }) => ignored(path)).length,
  };
}

/** A plain manifest that names the namespace that it would have anyway is the same object. Rendered ones all name theirs. */
function withoutOwnNamespace({
  before = new Map(),
  objects,
  namespace,
}: CheckedTarget): Pick<CheckedTarget, 'before' | 'objects'> {
  const bare = (object: KubernetesObject): KubernetesObject => {
    const { namespace: named, ...metadata } = object.metadata;
    return named === namespace ? { ...object, metadata: metadata as KubernetesObject['metadata'] } : object;
  };
  return {
    before: new Map([...before].map(([key, object]) => [key, bare(object)])),
    objects: objects.map(manifest => ({
      object: bare(manifest.object),
      ...defined({ positionAt: manifest.positionAt?.bind(manifest) }),
    })),
  };
}

function plannedChanges(
  { objects, namespace, formation, destination }: CheckedTarget,
  before: readonly KubernetesObject[],
  application: string,
): readonly PlannedChange[] {
  if (formation === undefined)
    return compareManifests(
      before,
      objects.map(({ object }) => object),
    );
  const identity = { application, formation, destination, namespace, repository: '' };
  return planTrees({ identity, before: before.map(object => ({ object })), after: objects }).changes;
}

/** The object before and after, by `keyOf`, to name its fields and to find where they were written. */
interface State {
  readonly before?: KubernetesObject;
  readonly after?: CheckedTarget['objects'][number];
}

function statesOf(
  objects: CheckedTarget['objects'],
  before: readonly KubernetesObject[],
): Map<string, State> {
  const states = new Map<string, State>(before.map(object => [keyOf(object), { before: object }]));
  for (const manifest of objects) {
    const key = keyOf(manifest.object);
    states.set(key, { ...states.get(key), after: manifest });
  }
  return states;
}

export function reviewedChange(change: PlannedChange, states: ReadonlyMap<string, State>): ReviewedChange {
  const { object, action, fields = [], restarts = false, note } = change;
  const state = states.get(objectKey(object)) ?? {};
  const first = fields.find(field => 'after' in field) ?? fields[0];
  return {
    ...{ object, action, restarts },
    ...defined({ note, at: positionOf(state, first) }),
    fields: fields.map(field => reviewedField(field, state)),
  };
}

type ChangedField = NonNullable<PlannedChange['fields']>[number];

/** A field that left was in what its pointer is in; another item of a list may have its index by now. */
function positionOf({ after }: State, field: ChangedField | undefined): Position | undefined {
  const { pointer = '' } = field ?? {};
  const hasLeft = field !== undefined && field.after === undefined && field.before !== undefined;
  return after?.positionAt?.(hasLeft ? pointer.slice(0, pointer.lastIndexOf('/')) : pointer);
}

/** The pointer counts the items of lists as they are now, but for the item that left. */
function reviewedField({ pointer, before, after }: ChangedField, state: State): ReviewedField {
  const named = state.after?.object ?? state.before;
  const left = after === undefined ? (before as JsonValue | undefined) : undefined;
  const path = named === undefined ? pointer : readablePath(named, pointer, left);
  return { path, ...defined({ before, after }) };
}
