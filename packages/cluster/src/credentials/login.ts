import type { RequestOptions } from 'node:https';
import type { LoginMethod } from '../kubeconfig/user.ts';
import { oidcTokens } from './oidc.ts';
import { readTokenFile } from './token-file.ts';

/** What a request says of who sends it: an Authorization header, a client certificate, both or nothing. */
export interface Credentials {
  readonly authorization?: string;
  readonly certificate?: Pick<RequestOptions, 'cert' | 'key'>;
}

/** Gives the credentials of a user, of which some are read or asked for again each time. */
export type Login = () => Promise<Credentials>;

/** A login by what is in a kubeconfig and its files, or by the provider that it names. */
export function loginBy(
  method: Exclude<LoginMethod, { readonly method: 'plugin' }>,
  now: () => number,
): Login {
  switch (method.method) {
    case 'none':
      return async () => ({});
    case 'token':
      return async () => bearer(method.token);
    case 'token-file':
      return async () => bearer(await readTokenFile(method.path, method.token));
    case 'password': {
      const pair = Buffer.from(`${method.username}:${method.password}`).toString('base64');
      return async () => ({ authorization: `Basic ${pair}` });
    }
    case 'oidc': {
      const token = oidcTokens(method.settings, now);
      return async () => bearer(await token());
    }
  }
}

export function bearer(token: string): Credentials {
  return { authorization: `Bearer ${token}` };
}
