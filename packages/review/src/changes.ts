import type { CheckedTarget } from '@slipway/check';
import { defined, type PlannedChange, type Position } from '@slipway/core';
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
    ...defined({ note, at: positionOf(state, first?.pointer ?? '') }),
    fields: fields.map(field => reviewedField(field, state)),
  };
}

function positionOf({ after }: State, pointer: string): Position | undefined {
  return after?.positionAt?.(pointer);
}

/** A field that left is named by the object as it was, since the index of its item may be another one's by now. */
function reviewedField(
  { pointer, before, after }: NonNullable<PlannedChange['fields']>[number],
  state: State,
): ReviewedField {
  const named =
    after === undefined ? (state.before ?? state.after?.object) : (state.after?.object ?? state.before);
  const path = named === undefined ? pointer : readablePath(named, pointer);
  return { path, ...defined({ before, after }) };
}
