import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';

/** The entries of a kubeconfig as they are written, by their names: the library drops fields that it does not know. */
export interface Entries {
  readonly clusters: ReadonlyMap<string, JsonObject>;
  readonly users: ReadonlyMap<string, JsonObject>;
}

/** What the library reads wrongly or not at all. */
const NEEDED = /exec|tokenFile/;

/** Empty for a kubeconfig that the library reads as it is, which then is not parsed twice. */
export async function parseEntries(content: string): Promise<Entries> {
  if (!NEEDED.test(content)) return { clusters: new Map(), users: new Map() };
  const { parseDocuments } = await import('@slipway/yaml');
  const value = parseDocuments(content, 'kubeconfig')[0]?.value;
  return { clusters: byName(value, 'clusters', 'cluster'), users: byName(value, 'users', 'user') };
}

/** The first of a name counts, as in the library. */
function byName(value: JsonValue | undefined, list: string, field: string): Map<string, JsonObject> {
  const entries = isJsonObject(value) ? value[list] : undefined;
  const named = Array.isArray(entries) ? (entries as JsonValue[]).filter(isJsonObject) : [];
  const pairs = named.flatMap(({ name, [field]: content }): [string, JsonObject][] =>
    typeof name === 'string' && isJsonObject(content) ? [[name, content]] : [],
  );
  return new Map(pairs.toReversed());
}
