import { stringifyJson } from '@slipway/core';
import { describeObject, objectKey } from '@slipway/kubernetes';
import type { ShownChange, ShownTarget } from './shown-review.ts';

/** Destinations in which a pull request changes the same. */
export interface Column {
  /** `production`, `staging/main`, … */
  readonly names: readonly string[];
  /** By `rowKey`. */
  readonly changes: ReadonlyMap<string, ShownChange>;
}

/** More columns than these would make the table wider than a comment. */
const MAX_COLUMNS = 6;

/**
 * Destinations that change alike become one column; those that do not change at all have none. Where that leaves too many, those share
 * a column whose cells are the same, and only the diff shows in what they differ.
 */
export function columnsOf(targets: readonly ShownTarget[]): readonly Column[] {
  const compared = targets.filter(({ changes = [] }) => changes.length > 0);
  const groupedBy = (partOf: typeof contentOf): ReadonlyMap<string, readonly ShownTarget[]> =>
    Map.groupBy(compared, target =>
      stringifyJson((target.changes ?? []).map(change => partOf(change, target))),
    );
  const alike = groupedBy(contentOf);
  const groups = alike.size > MAX_COLUMNS ? groupedBy(cellOf) : alike;
  return [...groups.values()].map(group => ({
    names: shortNames(group, targets),
    changes: new Map(
      group
        .slice(0, 1)
        .flatMap(target =>
          (target.changes ?? []).map(change => [rowKey(change, target), inTarget(change, target)]),
        ),
    ),
  }));
}

/** Changes that are the same in the same destinations. */
export interface SharedChanges {
  readonly names: readonly string[];
  readonly changes: readonly ShownChange[];
}

/** Each change once, with the destinations that it is made in: those of most destinations first. */
export function sharedChanges(targets: readonly ShownTarget[]): readonly SharedChanges[] {
  const found = new Map<string, { change: ShownChange; in: ShownTarget[] }>();
  for (const target of targets)
    for (const change of target.changes ?? []) {
      const key = stringifyJson(contentOf(change, target));
      const entry = found.get(key) ?? { change: inTarget(change, target), in: [] };
      entry.in.push(target);
      found.set(key, entry);
    }
  const groups = Map.groupBy(found.values(), entry => entry.in.map(({ name }) => name).join('\n'));
  return [...groups.values()]
    .map(group => ({
      of: group[0]?.in ?? [],
      changes: group.map(({ change }) => change),
    }))
    .sort((a, b) => b.of.length - a.of.length)
    .map(({ of, changes }) => ({ names: shortNames(of, targets), changes }));
}

/** The row of an object: objects of several destinations are one if only their own namespace tells them apart. */
export function rowKey({ object }: ShownChange, { namespace }: ShownTarget): string {
  return objectKey(withoutNamespace(object, namespace));
}

/** Names the namespace of an object only where it is not that of its destination. */
export function rowTitle({ object }: ShownChange): string {
  return describeObject(object);
}

/** The change, whose object names its namespace only if that is not the one of its destination. */
export function inTarget(change: ShownChange, { namespace }: ShownTarget): ShownChange {
  return { ...change, object: withoutNamespace(change.object, namespace) };
}

/** All that makes two changes the same, in whatever destinations they are. */
export function contentOf(change: ShownChange, target: ShownTarget): unknown {
  const { action, restarts, note, fields } = change;
  return [rowKey(change, target), action, restarts, note, fields];
}

function cellOf(change: ShownChange, target: ShownTarget): unknown {
  return [rowKey(change, target), change.action, change.restarts];
}

function withoutNamespace(
  { namespace, ...others }: ShownChange['object'],
  own: string,
): ShownChange['object'] {
  return namespace === undefined || namespace === own ? others : { ...others, namespace };
}

/** The names of destinations, where a formation stands for all of its own. */
export function shortNames(some: readonly ShownTarget[], all: readonly ShownTarget[]): readonly string[] {
  const formationOf = ({ name }: ShownTarget): string => name.split('/', 1)[0] ?? name;
  const total = Map.groupBy(all, formationOf);
  return [...Map.groupBy(some, formationOf)].flatMap(([formation, own]) =>
    own.length === total.get(formation)?.length ? [formation] : own.map(({ name }) => name),
  );
}
