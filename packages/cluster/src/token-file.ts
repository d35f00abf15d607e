import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { resolve } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';

const PROVIDER = 'slipway-token-file';

/**
 * Lets users whose token is in a file have it. The library looks for `token-file`, which is a flag of kubectl; kubeconfigs have
 * `tokenFile`: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
 * @param content of the kubeconfig
 * @param folder that relative paths begin at
 */
export async function readTokenFiles(config: KubeConfig, content: string, folder: string): Promise<void> {
  const files = content.includes('tokenFile') ? await tokenFilesIn(content) : new Map<string, string>();
  if (files.size === 0) return;
  config.users = config.users.map((user: User) => {
    const file = files.get(user.name);
    if (file === undefined || user.token) return user;
    return { ...user, authProvider: { name: PROVIDER, config: { path: resolve(folder, file) } } };
  });
}

/** The files by the names of their users. */
async function tokenFilesIn(content: string): Promise<Map<string, string>> {
  const { parseDocuments } = await import('@slipway/yaml');
  const [document] = parseDocuments(content, 'kubeconfig');
  const users = isJsonObject(document?.value) ? document.value['users'] : undefined;
  const entries = Array.isArray(users) ? users.filter(isJsonObject) : [];
  return new Map(
    entries.flatMap(({ name, user }: { readonly [key: string]: JsonValue }): [string, string][] => {
      const file = isJsonObject(user) ? user['tokenFile'] : undefined;
      return typeof name === 'string' && typeof file === 'string' ? [[name, file]] : [];
    }),
  );
}

/** Reads the file for each round of credentials, since such tokens are rotated. */
export const tokenFileAuthenticator = {
  isAuthProvider: (user: User): boolean => user.authProvider?.name === PROVIDER,
  async applyAuthentication(user: User, options: RequestOptions): Promise<void> {
    const { path } = (user.authProvider as { config: { path: string } }).config;
    const token = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    options.headers = { ...options.headers, Authorization: `Bearer ${token.trim()}` };
  },
};

function unreadable(path: string, cause: unknown): SlipwayError<ClusterErrorCode> {
  const message = `the kubeconfig's token file ${quote(path)} cannot be read`;
  return new SlipwayError({ code: 'kubeconfig-invalid', message, remedy: 'check its path' }, { cause });
}
