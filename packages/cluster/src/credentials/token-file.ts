import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { resolve } from 'node:path';
import type { KubeConfig, User } from '@kubernetes/client-node';
import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';

const PROVIDER = 'slipway-token-file';

/**
 * Gives users whose token is in a file an authenticator that reads it. The library looks for `token-file`, which is a flag of
 * kubectl; kubeconfigs have `tokenFile`: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
 * @param content the text of the kubeconfig
 * @param folder the folder that relative paths start from
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

/** Token files by the name of their user. */
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

/** Reads the file whenever credentials are read, since such tokens are rotated. */
export const tokenFileAuthenticator = {
  isAuthProvider: (user: User): boolean => user.authProvider?.name === PROVIDER,
  async applyAuthentication(user: User, options: RequestOptions): Promise<void> {
    const { path } = (user.authProvider as { config: { path: string } }).config;
    const token = await readFile(path, 'utf8').catch((cause: unknown) => {
      throw tokenFileUnreadable(path, cause);
    });
    options.headers = { ...options.headers, Authorization: `Bearer ${token.trim()}` };
  },
};

function tokenFileUnreadable(path: string, cause: unknown): SlipwayError<ClusterErrorCode> {
  const message = `the kubeconfig's token file ${quote(path)} cannot be read`;
  return new SlipwayError({ code: 'kubeconfig-invalid', message, remedy: 'check its path' }, { cause });
}
