import { apiGroup, hasFixedName, referencesOf, resourcesByKind } from '@slipway/kubernetes';
import {
  type Traced,
  type TracedMap,
  type TracedScalar,
  textAt,
  tracedAt,
  withEntries,
} from '../trace/traced.ts';
import type { Addressed } from '../values/address.ts';
import { changedAt } from './changed-at.ts';
import type { Draft } from './draft.ts';

export interface NamePrefix {
  readonly text: string;
  /** The entry of the formation that sets it. */
  readonly source: Addressed<unknown>;
}

/**
 * Puts a prefix before the name of each object, and before that name wherever another object of the formation refers to it. References to
 * objects that the formation does not have are left as they are.
 */
export function prefixed(drafts: readonly Draft[], prefix: NamePrefix, namespace: string): Draft[] {
  const names = new KnownNames(drafts, namespace);
  return drafts.map(draft => ({ ...draft, traced: renamed(draft.traced, prefix, names) }));
}

/** The objects whose names get the prefix. */
class KnownNames {
  readonly #namespace: string;
  readonly #objects = new Map<string, { group: string; namespace: string | undefined }[]>();

  constructor(drafts: readonly Draft[], namespace: string) {
    this.#namespace = namespace;
    for (const { traced } of drafts) {
      const [kind = '', name = ''] = [textAt(traced, 'kind'), textAt(traced, 'metadata', 'name')];
      const apiVersion = textAt(traced, 'apiVersion') ?? '';
      if (hasFixedName({ apiVersion, kind })) continue;
      const group = apiGroup(apiVersion);
      const object = { group, namespace: textAt(traced, 'metadata', 'namespace') };
      const key = `${kind}/${name}`;
      this.#objects.set(key, [...(this.#objects.get(key) ?? []), object]);
    }
  }

  /** @param group undefined if the reference does not name one */
  has(kind: string, name: string, namespace: string | undefined, group?: string): boolean {
    const home = namespace ?? this.#namespace;
    return (this.#objects.get(`${kind}/${name}`) ?? []).some(
      object =>
        (group === undefined || group === object.group) &&
        (object.namespace === undefined || object.namespace === home),
    );
  }
}

function renamed(object: TracedMap, { text, source }: NamePrefix, names: KnownNames): TracedMap {
  const kind = textAt(object, 'kind') ?? '';
  const apiVersion = textAt(object, 'apiVersion') ?? '';
  const namespace = textAt(object, 'metadata', 'namespace');
  const withPrefix = (scalar: Traced): TracedScalar | undefined =>
    scalar.kind === 'scalar' && typeof scalar.value === 'string'
      ? {
          ...scalar,
          value: text + scalar.value,
          origin: { ...scalar.origin, related: [...scalar.origin.related, source] },
        }
      : undefined;
  const refersTo = (parent: Traced | undefined, target: string, value: Traced, group?: string): boolean => {
    if (value.kind !== 'scalar' || typeof value.value !== 'string') return false;
    const beside = parent === undefined ? undefined : textAt(parent, 'namespace');
    return names.has(target, value.value, beside ?? namespace, group);
  };

  let result: Traced = byKindAndName(object, refersTo, withPrefix);
  for (const rule of referencesOf({ apiVersion, kind }))
    result = changedAt(result, rule.path, (value, parent) => {
      // A reference with a kind beside the name was already handled by its kind.
      const isGeneral = rule.path.at(-1) === 'name' && parent !== undefined && isText(parent, 'kind');
      return !isGeneral && refersTo(parent, rule.kind, value) ? withPrefix(value) : undefined;
    });
  if (kind === 'Role' || kind === 'ClusterRole')
    result = changedAt(result, ['rules', '*'], rule => withResourceNames(rule, refersTo, withPrefix));
  if (!hasFixedName({ apiVersion, kind })) result = changedAt(result, ['metadata', 'name'], withPrefix);
  return result as TracedMap;
}

type RefersTo = (parent: Traced | undefined, kind: string, name: Traced, group?: string) => boolean;
type WithPrefix = (scalar: Traced) => TracedScalar | undefined;

/** Renames in `scaleTargetRef`, `roleRef`, `subjects` and any other map that has `kind` and `name`. */
function byKindAndName(object: TracedMap, refersTo: RefersTo, withPrefix: WithPrefix): TracedMap {
  const walk = (value: Traced): Traced => {
    if (value.kind === 'scalar') return value;
    if (value.kind === 'list') {
      const items = value.items.map(walk);
      return items.every((item, index) => item === value.items[index]) ? value : { ...value, items };
    }
    const changes = new Map(
      [...value.entries].flatMap(([key, entry]) => {
        const below = walk(entry.value);
        return below === entry.value ? [] : ([[key, { ...entry, value: below }]] as const);
      }),
    );
    const [kind, name] = [textAt(value, 'kind'), value.entries.get('name')];
    if (kind !== undefined && name !== undefined && refersTo(value, kind, name.value, groupIn(value)))
      changes.set('name', { ...name, value: withPrefix(name.value) ?? name.value });
    return changes.size === 0 ? value : withEntries(value, changes);
  };
  // metadata has the object's own name, and its owners are not part of the formation.
  const entries = [...object.entries].map(
    ([key, entry]) => [key, key === 'metadata' ? entry : { ...entry, value: walk(entry.value) }] as const,
  );
  return { ...object, entries: new Map(entries) };
}

/** The API group of a reference, from whichever field it uses. */
function groupIn(reference: TracedMap): string | undefined {
  const version = textAt(reference, 'apiVersion');
  return (
    textAt(reference, 'apiGroup') ??
    textAt(reference, 'group') ??
    (version === undefined ? undefined : apiGroup(version))
  );
}

/** An RBAC rule may name objects of the kinds that it is for. */
function withResourceNames(rule: Traced, refersTo: RefersTo, withPrefix: WithPrefix): Traced {
  const resources = tracedAt(rule, 'resources');
  const named = resources?.kind === 'list' ? resources.items : [];
  const kinds = Object.entries(resourcesByKind).flatMap(([kind, resource]) =>
    named.some(item => item.kind === 'scalar' && item.value === resource) ? [kind] : [],
  );
  return changedAt(rule, ['resourceNames', '*'], name =>
    kinds.some(kind => refersTo(undefined, kind, name)) ? withPrefix(name) : undefined,
  );
}

function isText(map: TracedMap, key: string): boolean {
  return textAt(map, key) !== undefined;
}
