import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isJsonObject, type JsonValue, type Path, valueAt } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { TESTED_KUBERNETES, useCluster } from '@slipway/testbed/jest';
import { useApiServer } from '@slipway/testkit/clients';
import { parseDocuments } from '@slipway/yaml';
import { minorOf, readBuiltInSchemas } from '../src/schemas/built-in.ts';
import { openCatalog } from '../src/schemas/catalog.ts';
import type { CatalogFile } from '../src/schemas/catalog-file.ts';
import type { Schema } from '../src/schemas/schema.ts';
import { validateObject } from '../src/schemas/validate.ts';

const NAMESPACE = 'required';

const objects = ['objects.yaml', 'required.yaml', 'required-until.yaml'].flatMap(name =>
  parseDocuments(readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8'), name).flatMap(
    ({ value }) => (value === null ? [] : [value as KubernetesObject]),
  ),
);

/** The paths of the values that the published schema requires. */
function requiredIn(value: JsonValue, schema: Schema, file: CatalogFile, path: Path = []): Path[] {
  if (schema.form === 'list' && Array.isArray(value))
    return value.flatMap((item: JsonValue, index) => requiredIn(item, schema.items, file, [...path, index]));
  if (schema.form !== 'object' || !isJsonObject(value)) return [];
  const own = (file.types[schema.name]?.r ?? []).filter(field => value[field] !== undefined);
  return [
    ...own.map(field => [...path, field]),
    ...[...schema.properties].flatMap(([field, property]) =>
      value[field] === undefined
        ? []
        : requiredIn(value[field] as JsonValue, property.schema, file, [...path, field]),
    ),
  ];
}

function without(object: KubernetesObject, path: Path): KubernetesObject {
  const changed = structuredClone(object);
  delete (valueAt(changed, path.slice(0, -1)) as Record<string, unknown>)[String(path.at(-1))];
  return changed;
}

describe.each(TESTED_KUBERNETES)('Kubernetes %s', version => {
  const cluster = useCluster({ kubernetes: version });
  const file = readBuiltInSchemas(version);
  const catalog = openCatalog(file);
  const server = useApiServer(() => cluster.kubeconfig, NAMESPACE);

  const cases = objects.flatMap(object => {
    const kind = catalog.find(object.apiVersion, object.kind);
    if (kind === undefined) throw new Error(`${object.kind} is not a kind`);
    return requiredIn(object, kind.schema, file).map(
      path =>
        [`${object.kind} ${object.metadata.name} without ${path.join('.')}`, object, kind, path] as const,
    );
  });

  it.each(cases)(
    '%s is an error exactly if the API server refuses it for that',
    async (_title, object, kind, path) => {
      const changed = without(object, path);
      const root = object.apiVersion.includes('/')
        ? `/apis/${object.apiVersion}`
        : `/api/${object.apiVersion}`;
      const scope = kind.namespaced ? `${root}/namespaces/${NAMESPACE}` : root;
      const { status, body } = await server.send('POST', `${scope}/${kind.plural}?dryRun=All`, changed);
      const own = validateObject(changed, kind, minorOf(version)).map(({ message }) => message);
      expect([own.length > 0, own, body.message]).toEqual([status >= 300, own, body.message]);
    },
  );
});
