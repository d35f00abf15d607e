import { quote, SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { VaultAnswer } from './vault-client.ts';

const SEALED = 503;
const THROTTLED = 429;

/** What Vault says in its errors, as text to look into and never to repeat: a server could send a secret back. */
export function errorsOf({ body }: VaultAnswer): string {
  const { errors } = body;
  return Array.isArray(errors) ? errors.filter(error => typeof error === 'string').join('\n') : '';
}

/** Codes of node:tls for a certificate that is not good: https://nodejs.org/docs/latest-v24.x/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE = /CERT|SIGNATURE|ISSUER|CRL/;

export function unreachable(address: URL, cause: unknown): SlipwayError<SecretsErrorCode> {
  const { name, code = name } = cause as NodeJS.ErrnoException;
  const isCertificate = CERTIFICATE.test(code ?? '');
  const why = name === 'TimeoutError' || code === 'ABORT_ERR' ? 'no answer in time' : code;
  return vaultError(
    'vault-unreachable',
    isCertificate
      ? `the certificate of Vault at ${address.origin} is not trusted (${why})`
      : `Vault at ${address.origin} does not answer (${why})`,
    isCertificate
      ? 'give its certificate authority as vault-ca'
      : 'check vault-address, and that the runner can reach it',
  );
}

/**
 * Refuses answers that no request expects.
 * @throws SlipwayError `vault-sealed`, `vault-unreachable`, `vault-answer-invalid`
 */
export function refuseUnexpected(answer: VaultAnswer): void {
  if (answer.status === SEALED)
    throw vaultError('vault-sealed', 'Vault is sealed or not ready', 'unseal it, and run the job again');
  if (answer.status === THROTTLED)
    throw vaultError(
      'vault-unreachable',
      'Vault still throttles requests after several attempts',
      'run the job again later, or raise the quota of rates',
    );
  if (answer.status >= 300 && answer.status < 400)
    throw vaultError(
      'vault-answer-invalid',
      'Vault answered with a redirect, which is not followed with a token',
      'give the address of the active node as vault-address',
    );
}

export function unexpectedAnswer(status: number, what: string): SlipwayError<SecretsErrorCode> {
  return vaultError(
    'vault-answer-invalid',
    `Vault answered with status ${status} to ${what}`,
    'check that vault-address is that of Vault or OpenBao, and look into its log',
  );
}

export function vaultError(
  code: SecretsErrorCode,
  message: string,
  remedy: string,
): SlipwayError<SecretsErrorCode> {
  return new SlipwayError<SecretsErrorCode>({ code, message, remedy });
}

export function quotePath(segments: readonly string[]): string {
  return quote(segments.join('/'));
}
