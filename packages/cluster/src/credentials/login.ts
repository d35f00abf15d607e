import type { RequestOptions } from 'node:https';
import { type OidcSettings, oidcTokens, type RenewedTokens } from './oidc.ts';
import type { PluginSection } from './plugin-section.ts';
import { readTokenFile } from './token-file.ts';

/** What a request says of who sends it: an Authorization header, a client certificate, both or nothing. */
export interface Credentials {
  readonly authorization?: string;
  readonly certificate?: Pick<RequestOptions, 'cert' | 'key'>;
}

/** How requests say who sends them, beside a client certificate. */
export type LoginMethod =
  | { readonly method: 'none' }
  | { readonly method: 'token'; readonly token: string }
  /** The token beside it, empty if there is none, counts for as long as the file cannot be read. */
  | { readonly method: 'token-file'; readonly path: string; readonly token: string }
  | { readonly method: 'password'; readonly username: string; readonly password: string }
  | { readonly method: 'plugin'; readonly section: PluginSection }
  | { readonly method: 'oidc'; readonly settings: OidcSettings };

/** Gives the credentials of a user, of which some are read or asked for again each time. */
export interface Login {
  read(): Promise<Credentials>;
  /** Milliseconds since 1970 from when they must be read again; infinite if nothing says so. */
  renewAt(): number;
}

/**
 * A login by what is in a kubeconfig and its files, or by the provider that it names.
 * @param renewed what providers have renewed in this run
 */
export function loginBy(
  method: Exclude<LoginMethod, { readonly method: 'plugin' }>,
  now: () => number,
  renewed: RenewedTokens,
): Login {
  switch (method.method) {
    case 'none':
      return lasting(async () => ({}));
    case 'token':
      return lasting(async () => bearer(method.token));
    case 'token-file':
      return lasting(async () => bearer(await readTokenFile(method.path, method.token)));
    case 'password': {
      const pair = Buffer.from(`${method.username}:${method.password}`).toString('base64');
      return lasting(async () => ({ authorization: `Basic ${pair}` }));
    }
    case 'oidc': {
      const { token, renewAt } = oidcTokens(method.settings, now, renewed);
      return { read: async () => bearer(await token()), renewAt };
    }
  }
}

function lasting(read: Login['read']): Login {
  return { read, renewAt: () => Number.POSITIVE_INFINITY };
}

export function bearer(token: string): Credentials {
  return { authorization: `Bearer ${token}` };
}
