import { isJsonObject, type JsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import { parseDocuments } from '@slipway/yaml';
import { kubeconfigError } from '../kubeconfig-error.ts';

/** What the file of a kubeconfig means for what it names. */
export interface Origin {
  /** Where relative paths start; undefined for content, which has no folder. */
  readonly folder: string | undefined;
  readonly isInWorkspace: boolean;
}

/** An entry as it is written. */
export interface Entry extends Origin {
  readonly entry: JsonObject;
}

/** The entries of one or more kubeconfigs by their names. */
export interface Kubeconfig {
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

/** @throws SlipwayError `kubeconfig-invalid` */
export function parseKubeconfig(content: string, name: string, origin: Origin): Kubeconfig {
  const value = parseContent(content, name);
  const entriesOf = (list: string, field: string): ReadonlyMap<string, Entry> => {
    const entries = new Map<string, Entry>();
    for (const named of listIn(value, list, name)) {
      const [key = '', entry = {}] = [named['name'] ?? '', named[field] ?? {}];
      if (typeof key !== 'string' || !isJsonObject(entry)) throw notOne(name);
      if (entries.has(key))
        throw kubeconfigError(
          'kubeconfig-invalid',
          `${name} has two ${list} with the name ${quote(key)}`,
          'keep one of them',
        );
      entries.set(key, { ...origin, entry });
    }
    return entries;
  };
  return {
    contexts: entriesOf('contexts', 'context'),
    clusters: entriesOf('clusters', 'cluster'),
    users: entriesOf('users', 'user'),
  };
}

/** An empty file is a kubeconfig without entries, as for kubectl. */
function parseContent(content: string, name: string): JsonObject {
  const value = parsed(content, name) ?? {};
  if (!isJsonObject(value)) throw notOne(name);
  const [apiVersion, kind] = [value['apiVersion'] || 'v1', value['kind'] || 'Config'];
  if (apiVersion !== 'v1' || kind !== 'Config') throw notOne(name);
  return value;
}

function parsed(content: string, name: string): JsonValue | undefined {
  try {
    return parseDocuments(content, 'kubeconfig')[0]?.value;
  } catch (cause) {
    // The parser's message may repeat a line of the file, and with it a token, which a log for debugging would show.
    if (cause instanceof SlipwayError) throw notOne(name);
    throw cause;
  }
}

function listIn(value: JsonObject, list: string, name: string): readonly JsonObject[] {
  const entries = value[list] ?? [];
  const given = Array.isArray(entries) ? (entries as JsonValue[]).filter(entry => entry !== null) : undefined;
  if (given === undefined || !given.every(isJsonObject)) throw notOne(name);
  return given;
}

function notOne(name: string) {
  return kubeconfigError(
    'kubeconfig-invalid',
    `${name} is not a kubeconfig`,
    'compare it with what `kubectl config view --raw --minify` prints',
  );
}

/** As kubectl does: the first file that defines a name wins. */
export function merge(first: Kubeconfig, other: Kubeconfig): Kubeconfig {
  return {
    contexts: new Map([...other.contexts, ...first.contexts]),
    clusters: new Map([...other.clusters, ...first.clusters]),
    users: new Map([...other.users, ...first.users]),
  };
}
