import type { ClusterClient } from '@slipway/cluster';
import { isJsonObject, type JsonObject, type JsonValue, type Logger } from '@slipway/core';
import { isBuiltIn, type Kind, kindKey, objectAt, objectsAt, textAt } from '@slipway/kubernetes';
import { KNOWN_KINDS } from '../status/known-kinds.ts';
import type { Store } from './store.ts';

interface Asking {
  readonly client: Pick<ClusterClient, 'openApi'>;
  readonly objects: readonly Kind[];
  readonly logger: Pick<Logger, 'debug'>;
}

/**
 * Asks the cluster's schemas which of the custom kinds have conditions in a status of their own, so that an object without a status
 * is waited for. Every account may read the schemas; where they cannot be read, such an object is unknown at once.
 */
export async function readExpectations({ client, objects, logger }: Asking, store: Store): Promise<void> {
  const custom = objects.filter(kind => !isBuiltIn(kind.apiVersion) && !KNOWN_KINDS.has(kindKey(kind)));
  const versions = [...new Set(custom.map(({ apiVersion }) => apiVersion))];
  await Promise.all(
    versions.map(async apiVersion => {
      const document = await readSchema(client, apiVersion, logger);
      for (const object of custom)
        if (object.apiVersion === apiVersion && declaresConditions(document, object))
          store.expectConditions(object);
    }),
  );
}

async function readSchema(
  client: Asking['client'],
  apiVersion: string,
  logger: Asking['logger'],
): Promise<JsonObject> {
  try {
    return (await client.openApi(apiVersion)) ?? {};
  } catch (error) {
    logger.debug(`the schemas of ${apiVersion} cannot be read: ${String(error)}`);
    return {};
  }
}

/** Whether a kind has the subresource `status` and conditions in its schema, by the OpenAPI document of its version. */
export function declaresConditions(document: JsonObject, { apiVersion, kind }: Kind): boolean {
  const schema = Object.values(objectAt(document, 'components', 'schemas') ?? {}).find(candidate =>
    isSchemaOf(candidate, apiVersion, kind),
  );
  if (schema === undefined) return false;
  const conditions = objectAt(schema, 'properties', 'status', 'properties', 'conditions');
  return conditions !== undefined && hasStatusPath(document, kind);
}

const KIND = 'x-kubernetes-group-version-kind';

function isSchemaOf(schema: JsonValue, apiVersion: string, kind: string): boolean {
  return objectsAt(schema, KIND).some(named => isNamed(named, apiVersion, kind));
}

function isNamed(named: JsonObject, apiVersion: string, kind: string): boolean {
  return (
    `${textAt(named, 'group')}/${textAt(named, 'version')}` === apiVersion && textAt(named, 'kind') === kind
  );
}

function hasStatusPath(document: JsonObject, kind: string): boolean {
  return Object.entries(objectAt(document, 'paths') ?? {}).some(
    ([path, operations]) =>
      path.endsWith('/status') &&
      isJsonObject(operations) &&
      textAt(operations, 'get', KIND, 'kind') === kind,
  );
}
