import { isJsonObject, SlipwayError } from '@slipway/core';
import type { GithubErrorCode } from './error-codes.ts';
import type { Environment } from './runner.ts';

/** Milliseconds that GitHub has for its answer. */
const TIMEOUT = 10_000;

/**
 * Requests the identity token of this job from GitHub. The runner sets its address and a credential in the environment of jobs that
 * may have one:
 * https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 * Redirects are refused, so that the credential stays with GitHub.
 * @throws SlipwayError `id-token-unavailable`
 */
export async function requestIdToken(
  audience: string,
  environment: Environment,
  { signal, mask }: { readonly signal: AbortSignal; readonly mask: (secret: string) => void },
): Promise<string> {
  const address = environment['ACTIONS_ID_TOKEN_REQUEST_URL'] ?? '';
  const credential = environment['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] ?? '';
  if (!URL.canParse(address) || credential === '')
    throw unavailable(
      'the job may not request an identity token from GitHub',
      'add "id-token: write" to its "permissions:"; pull requests from forks never get one',
    );
  const url = new URL(address);
  if (audience !== '') url.searchParams.set('audience', audience);
  const token = await ask(url, credential, signal);
  mask(token);
  return token;
}

async function ask(url: URL, credential: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${credential}`, Accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT)]),
    });
    const answer: unknown = response.ok ? await response.json() : undefined;
    const token = isJsonObject(answer) ? answer['value'] : undefined;
    if (typeof token === 'string' && token !== '') return token;
    throw unavailable(
      `GitHub refused to issue an identity token (status ${response.status})`,
      'run the job again',
    );
  } catch (error) {
    if (error instanceof SlipwayError) throw error;
    signal.throwIfAborted();
    throw unavailable('GitHub did not answer the request for an identity token', 'run the job again');
  }
}

function unavailable(message: string, remedy: string): SlipwayError<GithubErrorCode> {
  return new SlipwayError<GithubErrorCode>({ code: 'id-token-unavailable', message, remedy });
}
