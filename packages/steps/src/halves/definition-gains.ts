import { canonicalJson, isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import { type KubernetesObject, objectAt, objectsAt, textAt } from '@slipway/kubernetes';

/**
 * Whether a CustomResourceDefinition only gains fields that may be left out: then all objects of stable stay valid, and stay as they
 * are. What is not compared here counts as a change.
 */
export function definitionOnlyGains(before: KubernetesObject, after: KubernetesObject): boolean {
  const [old, next] = [before, after].map(definition => objectAt(definition, 'spec') ?? {});
  const { versions: _old, ...oldSpec } = withDefaults(old ?? {});
  const { versions: _next, ...nextSpec } = withDefaults(next ?? {});
  const later = objectsAt(next ?? {}, 'versions');
  return (
    canonicalJson(oldSpec) === canonicalJson(nextSpec) &&
    later.length === objectsAt(old ?? {}, 'versions').length &&
    objectsAt(old ?? {}, 'versions').every(version => {
      const same = later.find(({ name }) => name === version['name']);
      return same !== undefined && versionOnlyGains(version, same);
    })
  );
}

/** What the server writes into a definition that does not say it. */
function withDefaults(spec: JsonObject): JsonObject {
  const { conversion, names, preserveUnknownFields: _preserve, ...others } = spec;
  const own = isJsonObject(names) ? names : {};
  const kind = textAt(own, 'kind') ?? '';
  return {
    ...others,
    conversion: conversion ?? { strategy: 'None' },
    names: { listKind: `${kind}List`, singular: kind.toLowerCase(), ...own },
  };
}

function versionOnlyGains(before: JsonObject, after: JsonObject): boolean {
  const { schema: old, ...oldOthers } = before;
  const { schema: next, ...nextOthers } = after;
  return canonicalJson(oldOthers) === canonicalJson(nextOthers) && schemaOnlyGains(old, next);
}

/** Whether a schema has what another one has, and besides only properties that are not required. */
function schemaOnlyGains(before: JsonValue | undefined, after: JsonValue | undefined): boolean {
  if (!isJsonObject(before) || !isJsonObject(after))
    return canonicalJson(before ?? null) === canonicalJson(after ?? null);
  return (
    Object.keys(before).every(key => Object.hasOwn(after, key)) &&
    Object.entries(after).every(([key, value]) => {
      const old = before[key];
      if (key === 'properties') return propertiesOnlyGain(before, value);
      if (key === 'items' || key === 'openAPIV3Schema' || key === 'additionalProperties')
        return old !== undefined && schemaOnlyGains(old, value);
      return key === 'description' || canonicalJson(old ?? null) === canonicalJson(value);
    })
  );
}

const PRESERVES = 'x-kubernetes-preserve-unknown-fields';

/** A property that was kept unknown may hold anything, and a default would be written into objects that exist. */
function propertiesOnlyGain(before: JsonObject, after: JsonValue): boolean {
  if (!isJsonObject(after)) return false;
  const old = isJsonObject(before['properties']) ? before['properties'] : {};
  const added = Object.entries(after).filter(([name]) => !Object.hasOwn(old, name));
  if (added.length > 0 && before[PRESERVES] === true) return false;
  return (
    !added.some(([, schema]) => hasDefault(schema)) &&
    Object.entries(old).every(([name, schema]) => schemaOnlyGains(schema, after[name]))
  );
}

function hasDefault(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.some(hasDefault);
  return isJsonObject(schema) && ('default' in schema || Object.values(schema).some(hasDefault));
}
