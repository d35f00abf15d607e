import { isJsonObject, quote, type SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { isHeaderWord } from '../http/exchange.ts';
import type { CallVault, VaultAnswer } from './vault-client.ts';
import { errorsOf, refuseUnexpected, unexpectedAnswer, vaultError } from './vault-errors.ts';

/** Who the step is to Vault. */
export type VaultLogin =
  | { readonly method: 'token'; readonly token: string }
  | {
      readonly method: 'approle';
      readonly mount: string;
      readonly roleId: string;
      readonly secretId: string;
    }
  | {
      readonly method: 'jwt';
      readonly mount: string;
      readonly role: string;
      /** GitHub's token of this job. */
      readonly idToken: () => Promise<string>;
    };

export interface VaultSession {
  readonly token: string;
  /** Whether this login made the token, and so has to revoke it. */
  readonly isOwn: boolean;
  /** Seconds that the token lasts, if it ends and this is known. */
  readonly lasts?: number;
}

/**
 * @param mask called with all that is secret of it, before it is sent
 * @throws SlipwayError `vault-login-refused`, `vault-sealed`, `vault-unreachable`, `vault-answer-invalid`
 */
export async function logIn(
  call: CallVault,
  login: VaultLogin,
  mask: (secret: string) => void,
): Promise<VaultSession> {
  if (login.method === 'token') {
    mask(login.token);
    if (!isHeaderWord(login.token)) throw unusableToken();
    return { token: login.token, isOwn: false };
  }
  const body = await credentials(login, mask);
  const answer = await call({ method: 'POST', path: ['auth', ...login.mount.split('/'), 'login'], body });
  refuseUnexpected(answer);
  if (answer.status >= 400 && answer.status < 500) throw refused(login, answer);
  const auth = answer.body['auth'];
  const token = isJsonObject(auth) ? auth['client_token'] : undefined;
  if (answer.status !== 200 || typeof token !== 'string' || token === '' || !isHeaderWord(token))
    throw unexpectedAnswer(answer.status, 'the login');
  mask(token);
  const lasts = Number(isJsonObject(auth) ? auth['lease_duration'] : 0);
  return { token, isOwn: true, ...(lasts > 0 ? { lasts } : {}) };
}

function unusableToken(): SlipwayError<SecretsErrorCode> {
  return vaultError(
    'vault-login-refused',
    'VAULT_TOKEN cannot be sent: white space, a line break or another character that Vault never writes is in it',
    'store the token again without the line break at its end, or log in with vault-role',
  );
}

async function credentials(login: Exclude<VaultLogin, { method: 'token' }>, mask: (secret: string) => void) {
  if (login.method === 'approle') {
    mask(login.secretId);
    return { role_id: login.roleId, secret_id: login.secretId };
  }
  const jwt = await login.idToken();
  mask(jwt);
  return { role: login.role, jwt };
}

/** Milliseconds that giving the token back may take, also when the run was cancelled. */
const LOGOUT_TIMEOUT = 2_000;

/** Gives the token back; one that cannot be revoked runs out by itself. */
export async function logOut(call: CallVault, { token, isOwn }: VaultSession): Promise<void> {
  if (!isOwn) return;
  const signal = AbortSignal.timeout(LOGOUT_TIMEOUT);
  const path = ['auth', 'token', 'revoke-self'];
  await call({ method: 'POST', path, token, signal }).catch(() => undefined);
}

/** What Vault says about a login that it refuses, with what to do about it. https://developer.hashicorp.com/vault/docs/auth/jwt */
const REASONS: readonly (readonly [RegExp, string, string])[] = [
  [/role .*(?:could not be found|does not exist)|unknown role/i, 'there is no such role', 'check vault-role'],
  [
    /audience|\(aud\)/i,
    "the token's audience is not among the role's bound_audiences",
    'add the address of Vault to them, or set vault-audience to one of them',
  ],
  [
    /claim|bound/i,
    "the job does not fit the role's bound claims",
    'compare bound_claims with the job: repository, ref, environment',
  ],
  [
    /no handler for route|route entry not found|unsupported path/i,
    'there is no such login method',
    'check vault-mount',
  ],
  [
    /invalid (?:role or )?secret[_ ]id|invalid role[_ ]id/i,
    'the role ID or the secret ID is wrong or has run out',
    'make a new secret ID',
  ],
  [
    /permission denied/i,
    'the method is not there, or the job may not use it',
    'check vault-mount and vault-namespace',
  ],
];

function refused(
  login: Exclude<VaultLogin, { method: 'token' }>,
  answer: VaultAnswer,
): SlipwayError<SecretsErrorCode> {
  const said = errorsOf(answer);
  const known = REASONS.find(([pattern]) => pattern.test(said));
  const [, reason, remedy] = known ?? [undefined, `status ${answer.status}`, "look into Vault's audit log"];
  const role = login.method === 'jwt' ? ` as ${quote(login.role)}` : '';
  return vaultError(
    'vault-login-refused',
    `Vault refuses the login${role} at ${quote(`auth/${login.mount}`)}: ${reason}`,
    remedy,
  );
}
