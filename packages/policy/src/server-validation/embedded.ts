import { isJsonObject, type JsonValue, type Path } from '@slipway/core';
import { nameForms, pathSegmentProblems } from '@slipway/kubernetes';
import type { Schema } from '../schemas/schema.ts';
import { labelsAndAnnotations, problemsOf } from './metadata.ts';
import { invalid, type Refusal } from './refusal.ts';

/**
 * What an API server requires of the objects in a custom resource whose schema has `x-kubernetes-embedded-resource`. Their types are
 * for the schema.
 * https://github.com/kubernetes/apiextensions-apiserver/blob/v0.36.3/pkg/apiserver/schema/objectmeta/validation.go
 */
export function validateEmbedded(value: JsonValue, schema: Schema, path: Path = []): Refusal[] {
  if (schema.form === 'list' && Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => validateEmbedded(item, schema.items, [...path, index]));
  if (!isJsonObject(value)) return [];
  const own = schema.form === 'object' && schema.embedded === true ? objectProblems(value, path) : [];
  const inner = Object.entries(value).flatMap(([key, part]) => {
    const of = innerSchema(schema, key);
    return of === undefined ? [] : validateEmbedded(part as JsonValue, of, [...path, key]);
  });
  return [...own, ...inner];
}

function innerSchema(schema: Schema, key: string): Schema | undefined {
  if (schema.form === 'map') return schema.values;
  return schema.form === 'object' ? schema.properties.get(key)?.schema : undefined;
}

function objectProblems(object: { readonly [field: string]: unknown }, path: Path): Refusal[] {
  const { apiVersion, kind, metadata } = object;
  const isVersion =
    typeof apiVersion !== 'string' || (apiVersion !== '' && apiVersion.split('/').length <= 2);
  return [
    ...(isVersion ? [] : [invalid([...path, 'apiVersion'], 'must be a version such as v1 or apps/v1')]),
    ...(typeof kind === 'string'
      ? problemsOf(nameForms.dns1035Label.validate(kind.toLowerCase()), [...path, 'kind'])
      : []),
    ...(isJsonObject(metadata as JsonValue)
      ? metadataProblems(metadata as JsonValue, [...path, 'metadata'])
      : []),
  ];
}

function metadataProblems(metadata: JsonValue, path: Path): Refusal[] {
  const { name, namespace } = metadata as { readonly [field: string]: JsonValue };
  return [
    ...(typeof name === 'string' ? problemsOf(pathSegmentProblems(name), [...path, 'name']) : []),
    ...(typeof namespace === 'string' && namespace !== ''
      ? problemsOf(nameForms.dns1123Label.validate(namespace), [...path, 'namespace'])
      : []),
    ...labelsAndAnnotations(metadata, path),
  ];
}
