import { below, type Judging, same } from './judging.ts';
import type { Position, Schema } from './schema-error.ts';

export function required(position: Position, judging: Judging): void {
  const data = position.data as Readonly<Record<string, unknown>>;
  for (const missingProperty of position.schema['required'] as readonly string[])
    if (!has(data, missingProperty))
      judging.add(position, 'required', {
        message: `must have required property '${missingProperty}'`,
        params: { missingProperty },
      });
}

/** Which properties another one needs, by its name. */
export function dependencies(position: Position, judging: Judging): void {
  const data = position.data as Readonly<Record<string, unknown>>;
  const needed = position.schema['dependencies'] as Readonly<Record<string, readonly string[]>>;
  for (const [property, names] of Object.entries(needed)) {
    if (!has(data, property)) continue;
    const [depsCount, deps] = [names.length, names.join(', ')];
    const noun = depsCount === 1 ? 'property' : 'properties';
    for (const missingProperty of names.filter(name => !has(data, name)))
      judging.add(position, 'dependencies', {
        message: `must have ${noun} ${deps} when property ${property} is present`,
        params: { property, missingProperty, depsCount, deps },
      });
  }
}

function has(data: Readonly<Record<string, unknown>>, key: string): boolean {
  return Object.hasOwn(data, key) && data[key] !== undefined;
}

export function propertyNames(position: Position, judging: Judging): void {
  const schema = position.schema['propertyNames'] as Schema;
  for (const propertyName of Object.keys(position.data as object)) {
    if (judging.areEnough) return;
    const name = { ...same(position, schema, '/propertyNames'), data: propertyName, propertyName };
    const found = judging.separately(name);
    if (found.length > 0)
      judging.addAll(position, 'propertyNames', found, {
        message: 'property name must be valid',
        params: { propertyName },
      });
  }
}

export function additionalProperties(position: Position, judging: Judging): void {
  const { data, schema } = position;
  const rule = schema['additionalProperties'];
  if (rule === true) return;
  const known = (schema['properties'] ?? {}) as object;
  for (const [key, value] of Object.entries(data as object)) {
    if (judging.areEnough) return;
    if (Object.hasOwn(known, key)) continue;
    if (rule !== false) judging.judge(below(position, rule as Schema, '/additionalProperties', key, value));
    else
      judging.add(position, 'additionalProperties', {
        message: 'must NOT have additional properties',
        params: { additionalProperty: key },
      });
  }
}

export function properties(position: Position, judging: Judging): void {
  const data = position.data as Readonly<Record<string, unknown>>;
  const schemas = position.schema['properties'] as Readonly<Record<string, Schema>>;
  for (const key in schemas) {
    if (judging.areEnough) return;
    const schema = schemas[key];
    if (schema !== undefined && has(data, key))
      judging.judge(below(position, schema, `/properties/${key}`, key, data[key]));
  }
}

export function items(position: Position, judging: Judging): void {
  const schema = position.schema['items'] as Schema;
  for (const [index, item] of (position.data as readonly unknown[]).entries()) {
    if (judging.areEnough) return;
    judging.judge(below(position, schema, '/items', index, item));
  }
}
