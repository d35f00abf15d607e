import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';

/**
 * The custom resources of one group and version as definitions, from the OpenAPI v3 document that an API server serves to everyone
 * who may log in (`/openapi/v3/apis/<group>/<version>`), even without the right to read CustomResourceDefinitions.
 * https://kubernetes.io/docs/concepts/overview/kubernetes-api/#openapi-v3
 */
export function definitionsOfOpenApi(document: JsonObject, apiVersion: string): KubernetesObject[] {
  const [group = '', version = ''] = apiVersion.split('/');
  const components = inside(document['components']);
  return Object.values(inside(components['schemas'])).flatMap((schema): KubernetesObject[] => {
    const kind = isJsonObject(schema) ? kindOf(schema, group, version) : undefined;
    const path = kind === undefined ? undefined : pathOf(document, apiVersion, kind);
    if (kind === undefined || path === undefined) return [];
    return [definition(group, version, kind, path, schema as JsonObject)];
  });
}

function inside(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function kindOf(schema: JsonObject, group: string, version: string): string | undefined {
  const names = schema['x-kubernetes-group-version-kind'];
  const own = (Array.isArray(names) ? names : []).find(
    name => isJsonObject(name) && name['group'] === group && name['version'] === version,
  );
  const kind = isJsonObject(own) ? own['kind'] : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

interface CollectionPath {
  readonly plural: string;
  readonly scope: 'Namespaced' | 'Cluster';
  /** Whether the status has a path of its own. */
  readonly hasStatus: boolean;
}

/** The path under which objects of a kind are created shows their plural and whether they are namespaced. */
function pathOf(document: JsonObject, apiVersion: string, kind: string): CollectionPath | undefined {
  const root = `/apis/${apiVersion}/`;
  for (const [path, methods] of Object.entries(inside(document['paths']))) {
    const post = inside(methods)['post'];
    const made = isJsonObject(post) ? inside(post['x-kubernetes-group-version-kind'])['kind'] : undefined;
    if (made !== kind || !path.startsWith(root)) continue;
    const steps = path.slice(root.length).split('/');
    const scope = steps.length === 3 ? 'Namespaced' : 'Cluster';
    const hasStatus = Object.hasOwn(inside(document['paths']), `${path}/{name}/status`);
    if (steps.length === 3 || steps.length === 1) return { plural: steps.at(-1) ?? '', scope, hasStatus };
  }
  return undefined;
}

function definition(
  group: string,
  version: string,
  kind: string,
  { plural, scope, hasStatus }: CollectionPath,
  schema: JsonObject,
): KubernetesObject {
  // These fields of the root refer to other schemas of the document; every object has them anyway.
  const { apiVersion: _, kind: _kind, metadata: _metadata, ...properties } = inside(schema['properties']);
  const openAPIV3Schema = { ...schema, properties };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      ...{ group, scope, names: { kind, plural } },
      versions: [
        {
          ...{ name: version, served: true, storage: true, schema: { openAPIV3Schema } },
          ...(hasStatus ? { subresources: { status: {} } } : {}),
        },
      ],
    },
  };
}
