import { isJsonObject, type JsonValue, type Path } from '@slipway/core';
import { type KubernetesObject, kindKey, type Located, podSpecPath } from '@slipway/kubernetes';

/** What is asked of the values at a path; `*` is each item of a list. */
export type Row<Rule> = readonly [path: string, rule: Rule];

/** A value that a row is about. */
export type Found<Rule> = readonly [found: Located, rule: Rule];

/** Rows by the steps of their paths: most objects lack most fields, and a field that is missing is asked for once and not by each row. */
interface Step<Rule> {
  readonly rows: { readonly order: number; readonly rule: Rule }[];
  readonly next: Map<string, Step<Rule>>;
}

/** Looks for the values of an object that rows are about: those of its kind, and those of the pods that it describes. */
export function finderOf<Rule>(
  byKind: Readonly<Record<string, readonly Row<Rule>[]>>,
  ofPodSpecs: readonly Row<Rule>[],
): (object: KubernetesObject) => readonly Found<Rule>[] {
  const known = new Map<string, Step<Rule>>();
  return object => {
    const key = kindKey(object);
    const spec = podSpecPath(object);
    const own = Object.hasOwn(byKind, key) ? byKind[key] : undefined;
    if (own === undefined && spec === undefined) return [];
    const first = known.get(key) ?? stepsOf(own ?? [], spec, ofPodSpecs);
    known.set(key, first);
    return findAll(object, first);
  };
}

function stepsOf<Rule>(
  own: readonly Row<Rule>[],
  spec: readonly string[] | undefined,
  ofPodSpecs: readonly Row<Rule>[],
): Step<Rule> {
  const first: Step<Rule> = { rows: [], next: new Map() };
  const inPods = spec === undefined ? [] : ofPodSpecs;
  const rows = [
    ...own.map(([path, rule]) => [path.split('/'), rule] as const),
    ...inPods.map(([path, rule]) => [[...(spec ?? []), ...path.split('/')], rule] as const),
  ];
  for (const [order, [path, rule]] of rows.entries()) {
    let step = first;
    for (const name of path) {
      const next = step.next.get(name) ?? { rows: [], next: new Map() };
      step.next.set(name, next);
      step = next;
    }
    step.rows.push({ order, rule });
  }
  return first;
}

/** In the order of the rows, and of the items of a list. */
function findAll<Rule>(object: KubernetesObject, first: Step<Rule>): readonly Found<Rule>[] {
  const found: { readonly order: number; readonly entry: Found<Rule> }[] = [];
  const walk = (value: JsonValue, { rows, next }: Step<Rule>, path: Path): void => {
    for (const { order, rule } of rows) found.push({ order, entry: [{ value, path }, rule] });
    for (const [name, step] of next)
      if (name !== '*') {
        if (isJsonObject(value) && Object.hasOwn(value, name))
          walk(value[name] as JsonValue, step, [...path, name]);
      } else if (Array.isArray(value))
        for (const [index, item] of value.entries()) walk(item as JsonValue, step, [...path, index]);
  };
  walk(object, first, []);
  return found.sort((a, b) => a.order - b.order).map(({ entry }) => entry);
}
