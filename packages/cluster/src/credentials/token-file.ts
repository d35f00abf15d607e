import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { resolve } from 'node:path';
import type { User } from '@kubernetes/client-node';
import { type JsonObject, quote } from '@slipway/core';
import { kubeconfigError } from '../kubeconfig-error.ts';

const PROVIDER = 'slipway-token-file';

interface TokenFile {
  readonly path: string;
  /** The token beside it, for as long as the file cannot be read; empty if there is none. */
  readonly token: string;
}

/**
 * The user with an authenticator that reads its token file. The library looks for `token-file`, which is a flag of kubectl;
 * kubeconfigs have `tokenFile`, which outweighs `token`: https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo
 * @param folder the folder that relative paths start from
 */
export function takeOverTokenFile(user: User, entry: JsonObject, folder: string): User {
  const file = entry['tokenFile'];
  if (typeof file !== 'string' || file === '') return user;
  const { token, ...others } = user;
  const config: TokenFile = { path: resolve(folder, file), token: token ?? '' };
  return { ...others, authProvider: { name: PROVIDER, config } };
}

/** Reads the file whenever credentials are read, since such tokens are rotated. */
export const tokenFileAuthenticator = {
  isAuthProvider: (user: User): boolean => user.authProvider?.name === PROVIDER,
  async applyAuthentication(user: User, options: RequestOptions): Promise<void> {
    const { path, token } = (user.authProvider as { config: TokenFile }).config;
    const read = await readFile(path, 'utf8').catch((cause: unknown) => {
      if (token !== '') return token;
      const message = `the kubeconfig's token file ${quote(path)} cannot be read`;
      throw kubeconfigError('kubeconfig-invalid', message, 'check its path', cause);
    });
    options.headers = { ...options.headers, Authorization: `Bearer ${read.trim()}` };
  },
};
