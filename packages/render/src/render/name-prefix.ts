import { apiGroup, hasFixedName, isBuiltIn, kindKey, referencesOf } from '@slipway/kubernetes';
import { type Traced, type TracedMap, type TracedScalar, textAt, withEntries } from '../trace/traced.ts';
import type { Addressed } from '../values/address.ts';
import { changedAt } from './changed-at.ts';
import type { Draft } from './draft.ts';
import { KnownNames, kindOf } from './known-names.ts';

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

function renamed(object: TracedMap, { text, source }: NamePrefix, names: KnownNames): TracedMap {
  const holder = kindOf(object);
  const own = textAt(object, 'metadata', 'namespace');
  const withPrefix = (scalar: Traced): TracedScalar | undefined =>
    scalar.kind === 'scalar' && typeof scalar.value === 'string'
      ? {
          ...scalar,
          value: text + scalar.value,
          origin: { ...scalar.origin, related: [...scalar.origin.related, source] },
        }
      : undefined;
  /** The name that a reference gets; undefined if it means an object that the formation does not have. */
  const referring: Rename = (kind, group, name, parent) => {
    const beside = parent === undefined ? undefined : textAt(parent, 'namespace');
    return names.has(name, { kind, group, namespace: beside ?? own }) ? withPrefix(name) : undefined;
  };

  const rules = referencesOf(holder);
  const groups = new Map(rules.map(({ path, group }) => [path.join(' '), group]));
  const otherwise = isBuiltIn(holder.apiVersion) ? '' : undefined;
  const groupAt = (path: readonly string[]): string | undefined => groups.get(path.join(' ')) ?? otherwise;
  let result: Traced = byKindAndName(object, groupAt, referring);
  for (const { path, kind, group } of rules)
    result = changedAt(result, path, (name, parent) => {
      const beside = path.at(-1) === 'name' ? parent : undefined;
      // A reference with a kind beside the name was already handled by its kind.
      if (beside !== undefined && textAt(beside, 'kind') !== undefined) return undefined;
      return referring(kind, (beside && groupIn(beside)) ?? group, name, parent);
    });
  if (ROLES.has(kindKey(holder)))
    result = changedAt(result, ['rules', '*'], rule =>
      changedAt(rule, ['resourceNames', '*'], name =>
        names.hasForRule(name, rule, own) ? withPrefix(name) : undefined,
      ),
    );
  if (!hasFixedName(holder)) result = changedAt(result, ['metadata', 'name'], withPrefix);
  return result as TracedMap;
}

/** The kinds whose `rules` may name objects. */
const ROLES: ReadonlySet<string> = new Set([
  'ClusterRole.rbac.authorization.k8s.io',
  'Role.rbac.authorization.k8s.io',
]);

type Rename = (
  kind: string,
  group: string | undefined,
  name: Traced,
  parent: TracedMap | undefined,
) => TracedScalar | undefined;

/**
 * Renames in `scaleTargetRef`, `roleRef`, `subjects` and any other map that has `kind` and `name`.
 * @param groupAt the group that is meant where a reference does not say one, by the path of its name; undefined for any
 */
function byKindAndName(
  object: TracedMap,
  groupAt: (path: readonly string[]) => string | undefined,
  referring: Rename,
): TracedMap {
  const walk = (value: Traced, path: readonly string[]): Traced => {
    if (value.kind === 'scalar') return value;
    if (value.kind === 'list') {
      const items = value.items.map(item => walk(item, [...path, '*']));
      return items.every((item, index) => item === value.items[index]) ? value : { ...value, items };
    }
    const changes = new Map(
      [...value.entries].flatMap(([key, entry]) => {
        const below = walk(entry.value, [...path, key]);
        return below === entry.value ? [] : ([[key, { ...entry, value: below }]] as const);
      }),
    );
    const [kind, name] = [textAt(value, 'kind'), value.entries.get('name')];
    if (kind !== undefined && name !== undefined) {
      const group = groupIn(value) ?? groupAt([...path, 'name']);
      const changed = referring(kind, group, name.value, value);
      if (changed !== undefined) changes.set('name', { ...name, value: changed });
    }
    return changes.size === 0 ? value : withEntries(value, changes);
  };
  // metadata has the object's own name, and its owners are not part of the formation.
  const entries = [...object.entries].map(
    ([key, entry]) =>
      [key, key === 'metadata' ? entry : { ...entry, value: walk(entry.value, [key]) }] as const,
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
