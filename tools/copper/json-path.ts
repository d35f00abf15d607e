import type { Schema } from '@slipway/policy';
import { CopperProblem } from './syntax.ts';

/** One way from an object to values: fields, and `*` for each item of a list or entry of a map. */
export type Route = readonly RouteStep[];
export type RouteStep =
  | { readonly field: string; readonly where?: Filter }
  | { readonly each: 'item' | 'entry'; readonly where?: Filter }
  | { readonly index: number };

/** `[?(@.name == 'mysql')]` */
export interface Filter {
  readonly field: string;
  readonly operator: string;
  /** As CEL writes it. */
  readonly value: string;
}

const step =
  /\.\.(?<deep>\w+)|\.(?<name>[\w-]+|\*)|\['(?<quoted>[^']+)'\]|\[(?<index>\d+)\]|\[(?<all>\*)\]|\[\?\(@\.(?<field>\w+)\s*(?<operator>==|!=|<=|>=|<|>)\s*(?<value>'[^']*'|\d+)\)\]/gy;

/**
 * The routes that a JSONPath of Copper takes through the objects of a kind. `..name` looks for a field at any depth: one route for
 * each path at which the schema of the kind has it.
 * @throws CopperProblem for a path that cannot be converted
 */
export function routesOf(path: string, schema: Schema, line: number): readonly Route[] {
  if (!path.startsWith('$')) throw new CopperProblem(`the path "${path}" does not begin with $`, line);
  const rest = path.slice(1);
  const steps = [...rest.matchAll(step)];
  if (steps.map(([text]) => text).join('') !== rest)
    throw new CopperProblem(`the path "${path}" has steps that cannot be converted`, line);
  let ends: readonly End[] = [{ route: [], schema }];
  for (const { groups = {} } of steps) ends = ends.flatMap(end => follow(end, groups));
  if (ends.length === 0) throw new CopperProblem(`the path "${path}" does not exist in this kind`, line);
  return ends.map(({ route }) => route);
}

interface End {
  readonly route: Route;
  readonly schema: Schema;
}

function follow(end: End, groups: Readonly<Record<string, string | undefined>>): readonly End[] {
  const { deep, name, quoted, index, all, field, operator = '', value = '' } = groups;
  if (deep !== undefined) return search(end, deep, 0);
  if (index !== undefined) return withIndex(end, Number(index));
  if (all !== undefined || name === '*') return eachOf(end);
  if (field !== undefined) return eachOf(end, { field, operator, value });
  return fieldOf(end, name ?? quoted ?? '');
}

function fieldOf({ route, schema }: End, name: string): readonly End[] {
  if (schema.form === 'object') {
    const property = schema.properties.get(name);
    return property === undefined ? [] : [{ route: [...route, { field: name }], schema: property.schema }];
  }
  if (schema.form === 'map') return [{ route: [...route, { field: name }], schema: schema.values }];
  return schema.form === 'any' ? [{ route: [...route, { field: name }], schema }] : [];
}

function withIndex({ route, schema }: End, index: number): readonly End[] {
  return schema.form === 'list' ? [{ route: [...route, { index }], schema: schema.items }] : [];
}

function eachOf({ route, schema }: End, where?: Filter): readonly End[] {
  const filter = where === undefined ? {} : { where };
  if (schema.form === 'list')
    return [{ route: [...route, { each: 'item', ...filter }], schema: schema.items }];
  if (schema.form === 'map')
    return [{ route: [...route, { each: 'entry', ...filter }], schema: schema.values }];
  return [];
}

/** Some schemas contain themselves. */
const MAX_DEPTH = 6;

function search(end: End, name: string, depth: number): readonly End[] {
  if (depth > MAX_DEPTH) return [];
  const { route, schema } = end;
  const here = schema.form === 'object' || schema.form === 'map' ? fieldOf(end, name) : [];
  if (schema.form === 'list') return eachOf(end).flatMap(inner => search(inner, name, depth + 1));
  if (schema.form !== 'object') return schema.form === 'map' ? [] : here;
  const below = [...schema.properties].flatMap(([field, property]) =>
    search({ route: [...route, { field }], schema: property.schema }, name, depth + 1),
  );
  return [...here, ...below];
}
