import { defined, isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { isDefinition, type KubernetesObject } from '@slipway/kubernetes';
import type { Catalog } from './catalog.ts';
import { limitsOf } from './read-limits.ts';
import type { KindSchema, Limits, ObjectSchema, Property, Schema } from './schema.ts';

/** No honest structural schema is deeper. */
const MAX_DEPTH = 64;

/**
 * The kinds that CustomResourceDefinitions declare. The findings of its own schema report what is malformed in a definition; here
 * its kind is then one of unknown form.
 */
export function readCustomKinds(definitions: readonly KubernetesObject[], catalog: Catalog): KindSchema[] {
  const metadata = metadataOf(catalog);
  return definitions.filter(isDefinition).flatMap(definition => kindsOf(definition, metadata));
}

/** The metadata of every object, as the schemas of Kubernetes have it. */
export function metadataOf(catalog: Catalog): Property {
  const schema = catalog.find('v1', 'ConfigMap')?.schema;
  const found = schema?.form === 'object' ? schema.properties.get('metadata') : undefined;
  return found ?? { schema: { form: 'any' }, empty: 'keep' };
}

function kindsOf(definition: KubernetesObject, metadata: Property): KindSchema[] {
  const spec = inside(definition['spec']);
  const names = inside(spec['names']);
  const [group, kind, plural] = [spec['group'], names['kind'], names['plural']];
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof plural !== 'string') return [];
  const versions = Array.isArray(spec['versions']) ? spec['versions'].filter(isJsonObject) : [];
  return versions.flatMap((version: JsonObject): KindSchema[] => {
    if (typeof version['name'] !== 'string' || version['served'] === false) return [];
    const source = inside(version['schema'])['openAPIV3Schema'];
    const schema = isJsonObject(source) ? rootSchema(source, metadata) : ({ form: 'any' } as const);
    const namespaced = spec['scope'] !== 'Cluster';
    const apiVersion = `${group}/${version['name']}`;
    const converted = inside(spec['conversion'])['strategy'] === 'Webhook';
    const own = isJsonObject(source) ? { source, converted } : {};
    const subresources = inside(version['subresources']);
    const dropsStatus = isJsonObject(subresources['status']);
    const scale = isJsonObject(subresources['scale']) ? { scale: subresources['scale'] } : {};
    return [{ apiVersion, kind, plural, namespaced, builtIn: false, dropsStatus, schema, ...own, ...scale }];
  });
}

/** The root has the fields of every object, whether the schema names them or not. */
function rootSchema(source: JsonObject, metadata: Property): ObjectSchema | { readonly form: 'any' } {
  const root = readSchema(source, 0, metadata);
  const isOpen = root.form === 'any' && source['x-kubernetes-preserve-unknown-fields'] === true;
  if (root.form !== 'object' && !isOpen) return { form: 'any' };
  const text: Property = { schema: { form: 'scalar', type: 'text' }, empty: 'keep' };
  const properties = new Map([
    ...(root.form === 'object' ? root.properties : []),
    ['apiVersion', text],
    ['kind', text],
    ['metadata', restricted(metadata, inside(inside(source['properties'])['metadata']))],
  ] as const);
  if (root.form === 'object') return { ...root, properties };
  return {
    form: 'object',
    name: '',
    properties,
    required: [],
    open: true,
    ...defined({ limits: root.limits }),
  };
}

/** The metadata of every object, with what a schema says of the name. */
function restricted(metadata: Property, source: JsonObject): Property {
  const { schema } = metadata;
  const names = Object.entries(inside(source['properties'])).filter(([, name]) => isJsonObject(name));
  if (schema.form !== 'object' || names.length === 0) return metadata;
  const properties = new Map(schema.properties);
  for (const [field, name] of names)
    properties.set(field, { schema: readSchema(name as JsonObject, 0, metadata), empty: 'keep' });
  return { ...metadata, schema: { ...schema, properties } };
}

function inside(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The form of a value that a structural schema describes. */
export function readSchema(source: JsonObject, depth: number, metadata: Property): Schema {
  if (depth > MAX_DEPTH) return { form: 'any' };
  const limits = limitsOf(source);
  if (source['x-kubernetes-int-or-string'] === true) return { form: 'scalar', type: 'int-or-text', limits };
  if (source['type'] === 'array') {
    const items = isJsonObject(source['items'])
      ? readSchema(source['items'], depth + 1, metadata)
      : ({ form: 'any' } as const);
    return { form: 'list', items, limits };
  }
  if (source['type'] === 'object') return readObject(source, limits, depth, metadata);
  return readScalar(source, limits);
}

function readScalar(source: JsonObject, limits: Limits): Schema {
  switch (source['type']) {
    case 'string':
      return { form: 'scalar', type: 'text', limits };
    case 'integer':
      return { form: 'scalar', type: 'integer', limits };
    case 'number':
      return { form: 'scalar', type: 'number', limits };
    case 'boolean':
      return { form: 'scalar', type: 'boolean', limits };
    default:
      return { form: 'any', limits };
  }
}

/** Fields of every object, whose parts an API server knows although the schema does not name them. */
const embeddedProperties: JsonObject = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
};

function readObject(source: JsonObject, limits: Limits, depth: number, metadata: Property): Schema {
  const extra = source['additionalProperties'];
  if (isJsonObject(extra)) return { form: 'map', values: readSchema(extra, depth + 1, metadata), limits };
  if (extra === true) return { form: 'map', values: { form: 'any', closed: true }, limits };
  const open = source['x-kubernetes-preserve-unknown-fields'] === true;
  const embedded = source['x-kubernetes-embedded-resource'] === true;
  const declared = { ...(embedded ? embeddedProperties : {}), ...inside(source['properties']) };
  const properties = new Map<string, Property>();
  for (const [name, property] of Object.entries(declared)) {
    if (!isJsonObject(property)) continue;
    const fallback = property['default'];
    properties.set(name, {
      schema: readSchema(property, depth + 1, metadata),
      empty: 'keep',
      ...defined({ fallback }),
    });
  }
  if (embedded) properties.set('metadata', metadata);
  const required = [
    ...(Array.isArray(source['required']) ? source['required'] : []).filter(name => typeof name === 'string'),
    ...(embedded ? ['apiVersion', 'kind'] : []),
  ];
  return { form: 'object', name: '', properties, required, open, embedded, limits };
}
