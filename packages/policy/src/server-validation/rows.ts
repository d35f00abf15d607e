import { isJsonObject, type JsonValue } from '@slipway/core';
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
  const path: (string | number)[] = [];
  const walk = (value: JsonValue, { rows, next }: Step<Rule>): void => {
    for (const { order, rule } of rows) found.push({ order, entry: [{ value, path: [...path] }, rule] });
    if (next.size === 0) return;
    for (const [name, inner] of within(value)) {
      const step = stepTo(next, name);
      if (step === undefined) continue;
      path.push(name);
      walk(inner, step);
      path.pop();
    }
  };
  walk(object, first);
  return found.sort((a, b) => a.order - b.order).map(({ entry }) => entry);
}

/** The items of a list or the fields of an object, which has fewer of them than there are rows about its kind. */
function within(value: JsonValue): Iterable<[name: string | number, JsonValue]> {
  if (Array.isArray(value)) return value.entries();
  return isJsonObject(value) ? (Object.entries(value) as [string, JsonValue][]) : [];
}

function stepTo<Rule>(next: ReadonlyMap<string, Step<Rule>>, name: string | number): Step<Rule> | undefined {
  if (typeof name === 'number') return next.get('*');
  return name === '*' ? undefined : next.get(name);
}
