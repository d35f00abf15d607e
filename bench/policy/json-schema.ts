import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBuiltInSchemas } from '../../packages/policy/src/schemas/built-in.ts';
import { openCatalog } from '../../packages/policy/src/schemas/catalog.ts';
import type { ObjectSchema, Schema } from '../../packages/policy/src/schemas/schema.ts';

const scalars: Readonly<Record<string, object>> = {
  text: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  int32: { type: 'integer' },
  number: { type: 'number' },
  quantity: { type: ['string', 'number'] },
  'int-or-text': { type: ['string', 'integer'] },
  time: { type: 'string' },
  base64: { type: 'string' },
};

function jsonSchema(schema: Schema): object {
  switch (schema.form) {
    case 'scalar':
      return scalars[schema.type] ?? {};
    case 'list':
      return { type: ['array', 'null'], items: jsonSchema(schema.items) };
    case 'map':
      return { type: ['object', 'null'], additionalProperties: jsonSchema(schema.values) };
    case 'object':
      return objectSchema(schema);
    default:
      return {};
  }
}

function objectSchema({ properties, required }: ObjectSchema): object {
  return {
    type: ['object', 'null'],
    properties: Object.fromEntries(
      [...properties].map(([name, property]) => [name, jsonSchema(property.schema)]),
    ),
    // The draft that kubeconform reads knows no empty list of them.
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** The schema of Deployments in the form that kubeconform reads, strict about unknown fields; gives its location. */
export function writeDeploymentSchema(folder: string, version: string): string {
  mkdirSync(folder, { recursive: true });
  const kind = openCatalog(readBuiltInSchemas(version)).find('apps/v1', 'Deployment');
  if (kind === undefined) throw new Error('there is no Deployment');
  writeFileSync(join(folder, 'deployment.json'), JSON.stringify(jsonSchema(kind.schema)));
  return join(folder, '{{ .ResourceKind }}.json');
}
