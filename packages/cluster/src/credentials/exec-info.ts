import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { PluginSection } from './plugin-section.ts';

/** What a kubeconfig says of a cluster, with the certificate authority read from its file. */
export interface ClusterEntry {
  /** As it is written, without the defaults of a library. */
  readonly entry: JsonObject;
  /** PEM in base64; empty if the system's authorities are trusted. */
  readonly authority: string;
}

/** The extension of a cluster that holds what its plugins need to know of it. */
const EXTENSION = 'client.authentication.k8s.io/exec';

/**
 * The content of KUBERNETES_EXEC_INFO. No standard input is passed to a plugin, so it is never interactive.
 * https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-ExecCredential
 */
export function execInfo(
  { apiVersion, provideClusterInfo }: PluginSection,
  cluster: ClusterEntry,
): JsonObject {
  const about = provideClusterInfo ? { cluster: clusterInfo(cluster) } : {};
  return { kind: 'ExecCredential', apiVersion, spec: { ...about, interactive: false } };
}

/** Fields without a value are left out, as Go leaves them out, but for `config`. */
function clusterInfo({ entry, authority }: ClusterEntry): JsonObject {
  const text = (name: string) => (typeof entry[name] === 'string' ? entry[name] : '');
  const optional: [string, JsonValue][] = [
    ['tls-server-name', text('tls-server-name')],
    ['insecure-skip-tls-verify', entry['insecure-skip-tls-verify'] === true],
    ['certificate-authority-data', authority],
    ['proxy-url', text('proxy-url')],
    ['disable-compression', entry['disable-compression'] === true],
  ];
  return {
    server: withoutQuery(text('server')),
    ...Object.fromEntries(optional.filter(([, value]) => value !== '' && value !== false)),
    config: extensionOf(entry),
  };
}

/** As kubectl does it, which cuts the address only if it has a path. */
function withoutQuery(server: string): string {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  return url !== undefined && url.pathname.length > 1 ? server.replace(/[?#].*$/s, '') : server;
}

function extensionOf({ extensions }: JsonObject): JsonValue {
  const list = Array.isArray(extensions) ? (extensions as JsonValue[]).filter(isJsonObject) : [];
  return list.findLast(({ name }) => name === EXTENSION)?.['extension'] ?? null;
}
