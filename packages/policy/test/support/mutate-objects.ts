/*
 * Objects that someone got wrong in one or two ways: the same for a seed. They start from objects that a server takes. What is put
 * in is what others of the same type have, so that fields meet that exclude each other, and values at the edges.
 */
import { isJsonObject, type JsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import type { KindSchema, Schema } from '../../src/schemas/schema.ts';
import { chance, mulberry32, pick } from './random.ts';

type Random = () => number;
type Draft = Record<string, unknown>;

const WORDS = [
  ...['', 'A_B', '../x', 'a.b', 'UPPER', '-a', 'a'.repeat(64), 'a/b', 'a b', 'http', '80', '0'],
  ...['25%', '0%', '150%', '-1', '1', '100m', '1Gi', '-1Gi', 'Always', 'Never', 'OnFailure', 'None', 'TCP'],
  ...[
    'Exists',
    'Equal',
    'In',
    'Recreate',
    'RollingUpdate',
    'OnDelete',
    'ClusterIP',
    'LoadBalancer',
    'NodePort',
  ],
  ...[
    'ExternalName',
    'Role',
    'ServiceAccount',
    'Group',
    '* * * * *',
    '61 * * * *',
    '@daily',
    '10.0.0.0/8',
    '10.0.0.1',
  ],
  ...['Indexed', 'Utilization', 'AverageValue', 'Prefix', '/a', '/a/../b', 'a.example.com', '*.example.com'],
];
const NUMBERS = [-1, 0, 1, 2, 80, 443, 3600, 65535, 65536, 86401, 2147483647];

/** A map of an object, with its type. */
interface TypedMap {
  readonly path: Path;
  readonly type: string;
}

function typedMapsOf(value: JsonValue, schema: Schema, path: Path = []): TypedMap[] {
  if (schema.form === 'list' && Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => typedMapsOf(item, schema.items, [...path, index]));
  if (schema.form !== 'object' || !isJsonObject(value)) return [];
  return [
    { path, type: schema.name },
    ...[...schema.properties].flatMap(([field, property]) =>
      value[field] === undefined
        ? []
        : typedMapsOf(value[field] as JsonValue, property.schema, [...path, field]),
    ),
  ];
}

/** Maps of one type that the right objects have. */
export type Stock = ReadonlyMap<string, readonly JsonObject[]>;

export function stockOf(seeds: readonly (readonly [KubernetesObject, KindSchema])[]): Stock {
  const stock = new Map<string, JsonObject[]>();
  for (const [object, { schema }] of seeds)
    for (const { path, type } of typedMapsOf(object, schema))
      stock.set(type, [...(stock.get(type) ?? []), valueAt(object, path) as JsonObject]);
  return stock;
}

/** An object with one or two mistakes, at least most of the time. */
export function mutateObject(
  object: KubernetesObject,
  kind: KindSchema,
  stock: Stock,
  seed: number,
): KubernetesObject {
  const random = mulberry32(seed);
  const draft = structuredClone(object);
  for (let times = chance(random, 0.3) ? 2 : 1; times > 0; times -= 1) {
    const maps = typedMapsOf(draft, kind.schema).filter(({ path }) => path[0] !== 'status');
    const { path, type } = pick(random, maps);
    change(valueAt(draft, path) as Draft, path, stock.get(type) ?? [], random);
  }
  return draft;
}

function change(map: Draft, path: Path, others: readonly JsonObject[], random: Random): void {
  const keys = Object.keys(map).filter(
    key => path.length > 0 || !['apiVersion', 'kind', 'metadata'].includes(key),
  );
  const isMetadata = path.length === 1 && path[0] === 'metadata';
  if (others.length > 0 && !isMetadata && chance(random, 0.25)) {
    const other = pick(random, others);
    const added = Object.keys(other).filter(key => path.length > 0 || key === 'spec');
    if (added.length > 0) {
      const key = pick(random, added);
      map[key] = structuredClone(other[key]);
      return;
    }
  }
  if (keys.length === 0) return;
  const key = pick(random, keys);
  if (isMetadata && (key === 'namespace' || (key === 'name' && chance(random, 0.5)))) return;
  if (!isMetadata && chance(random, 0.2)) delete map[key];
  else if (!isMetadata && chance(random, 0.1)) map[key] = withNull(map[key], random);
  else map[key] = changed(map[key], random);
}

/** Null, or a list or map with one. */
function withNull(value: unknown, random: Random): unknown {
  if (chance(random, 0.4)) return null;
  if (Array.isArray(value)) return [...value, null];
  return isJsonObject(value as JsonValue) ? { ...(value as Draft), a: null } : null;
}

function changed(value: unknown, random: Random): unknown {
  if (Array.isArray(value)) return changedList(value, random);
  if (typeof value === 'number') return pick(random, NUMBERS);
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return pick(random, WORDS);
  if (isJsonObject(value as JsonValue)) {
    const map = { ...(value as Draft) };
    const keys = Object.keys(map);
    const isText = keys.length > 0 && keys.every(key => typeof map[key] === 'string');
    if (isText) map[chance(random, 0.5) ? pick(random, keys) : pick(random, WORDS)] = pick(random, WORDS);
    else if (chance(random, 0.3)) return {};
    return map;
  }
  return value;
}

function changedList(list: readonly unknown[], random: Random): unknown[] {
  if (list.length === 0 || chance(random, 0.2)) return [];
  const item = pick(random, list);
  if (chance(random, 0.5)) return [...list, structuredClone(item)];
  if (typeof item !== 'object' || item === null) return [...list.slice(1), changed(item, random)];
  const copy = structuredClone(item) as Draft;
  const key = pick(random, Object.keys(copy));
  copy[key] = changed(copy[key], random);
  return [...list, copy];
}
