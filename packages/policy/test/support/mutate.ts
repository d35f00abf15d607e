/*
 * Policies and bindings that someone got wrong in one to three ways: the same for a seed. They start from right ones, since random
 * ones would be refused for their first mistake each time.
 */
import { isJsonObject, type JsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { chance, mulberry32, pick } from './random.ts';

type Random = () => number;

const WORDS: readonly JsonValue[] = [
  ...[
    '',
    ' ',
    '*',
    '*/*',
    'pods/*',
    '*/scale',
    'pods',
    'a/b/c',
    '.',
    '..',
    'a%b',
    'v1',
    'V1',
    'apps/v1',
    '/',
    'a//b',
  ],
  ...[
    'create',
    'CREATE',
    'CONNECT',
    'In',
    'in',
    'Exists',
    'DoesNotExist',
    'Namespaced',
    'namespaced',
    'Cluster',
  ],
  ...[
    'Deny',
    'deny',
    'Warn',
    'Audit',
    'Allow',
    'Fail',
    'fail',
    'Ignore',
    'Exact',
    'equivalent',
    'Invalid',
    'Other',
  ],
  ...[
    'a b',
    'a_b',
    'A.b',
    '-a',
    'for',
    'x'.repeat(64),
    `${'x.'.repeat(130)}x`,
    'one\ntwo',
    'one\r',
    'namespace',
  ],
  ...[
    'true',
    "'text'",
    'object.(',
    'variables.small',
    'params.data.a == 1',
    'nothing',
    ' true ',
    'example.com/a',
    'a/b',
  ],
];
const OTHERS: readonly JsonValue[] = [
  null,
  {},
  [],
  1,
  true,
  [null],
  [''],
  ['*', 'v1'],
  [{}],
  { a: null },
  { 'b c': 'd' },
];

/** Which fields may be added to the maps that a path ends in, as right names at right or wrong levels. */
const FIELDS =
  'apiGroups apiVersions auditAnnotations excludeResourceRules expression failurePolicy key kind labels matchConditions matchConstraints matchExpressions matchLabels matchPolicy matchResources message messageExpression name namespace namespaceSelector objectSelector operations operator paramKind paramRef parameterNotFoundAction policyName reason resourceNames resourceRules resources scope selector spec status validationActions validations valueExpression values variables'.split(
    ' ',
  );

/** `count` objects, each one of `originals` with mistakes. */
export function mutate(
  seed: number,
  count: number,
  originals: readonly KubernetesObject[],
): KubernetesObject[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, () => {
    const changed = structuredClone(pick(random, originals));
    const times = pick(random, [1, 1, 1, 2, 3]);
    for (let time = 0; time < times; time++) change(changed as never, random);
    return changed;
  });
}

/** Names and versions of the object itself stay as they are: they lead the request to the API. */
function change(object: JsonObject, random: Random): void {
  const paths = pathsIn(object['spec'] as JsonValue, ['spec']);
  const path = pick(random, chance(random, 0.03) ? [['metadata', 'name']] : paths);
  const parent = valueAt(object, path.slice(0, -1)) as { [key: string]: JsonValue };
  const key = path.at(-1) as string;
  if (parent === undefined || parent === null) return;
  const way = pick(random, [
    'remove',
    'empty',
    'word',
    'word',
    'word',
    'other',
    'add',
    'add',
    'repeat',
    'rename',
  ]);
  if (way === 'remove') remove(parent, key);
  else if (way === 'empty') parent[key] = null;
  else if (way === 'word') parent[key] = pick(random, WORDS);
  else if (way === 'other') parent[key] = structuredClone(pick(random, OTHERS));
  else if (way === 'rename') rename(parent, key);
  else if (way === 'repeat') repeat(parent[key], random);
  else add(parent[key], random);
}

function pathsIn(value: JsonValue, path: Path): Path[] {
  const steps = Array.isArray(value)
    ? value.map((_, index) => index)
    : isJsonObject(value)
      ? Object.keys(value)
      : [];
  return [path, ...steps.flatMap(step => pathsIn((value as never)[step], [...path, step]))];
}

function remove(parent: JsonValue, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete (parent as { [key: string]: unknown })[key];
}

function rename(parent: JsonValue, key: string): void {
  if (Array.isArray(parent)) return;
  const map = parent as { [key: string]: unknown };
  map[key.length > 3 ? key.slice(0, -1) : `${key}s`] = map[key];
  delete map[key];
}

function repeat(list: JsonValue | undefined, random: Random): void {
  if (Array.isArray(list) && list.length > 0) list.push(structuredClone(pick(random, list)) as never);
}

function add(value: JsonValue | undefined, random: Random): void {
  if (Array.isArray(value)) value.push(pick(random, [null, ...WORDS]) as never);
  else if (isJsonObject(value))
    (value as { [key: string]: JsonValue })[pick(random, FIELDS)] = structuredClone(
      pick(random, [...WORDS, ...OTHERS]),
    );
}
