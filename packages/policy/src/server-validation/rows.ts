import { type KubernetesObject, kindKey, type Located, podSpecPath, valuesAt } from '@slipway/kubernetes';

/** What is asked of the values at a path; `*` is each item of a list. */
export type Row<Rule> = readonly [path: string, rule: Rule];

/** The values of an object that rows are about: those of its kind, and those of the pods that it describes. */
export function valuesOf<Rule>(
  object: KubernetesObject,
  byKind: Readonly<Record<string, readonly Row<Rule>[]>>,
  ofPodSpecs: readonly Row<Rule>[],
): readonly (readonly [found: Located, rule: Rule])[] {
  const key = kindKey(object);
  const spec = podSpecPath(object);
  const own = Object.hasOwn(byKind, key) ? (byKind[key] ?? []) : [];
  const inPods =
    spec === undefined ? [] : ofPodSpecs.map(([path, rule]) => [[...spec, path].join('/'), rule] as const);
  return [...own, ...inPods].flatMap(([path, rule]) =>
    valuesAt(object, path.split('/')).map(found => [found, rule] as const),
  );
}
