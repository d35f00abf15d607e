import { isJsonObject, type JsonValue, quote } from '@slipway/core';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import { parseAzurePath } from './azure-path.ts';

export const KEY_VAULT = 'Azure Key Vault';

export function describeSecret(path: string): string {
  return `the secret ${quote(path)} of ${KEY_VAULT}`;
}

/**
 * What a vault says is looked into and never repeated.
 * https://learn.microsoft.com/azure/key-vault/general/rest-error-codes
 */
export function problemOf(path: string, answer: CloudAnswer): Error {
  const { status } = answer;
  if (isBusy(status)) return stillBusy(status);
  const { code, said } = errorIn(answer);
  if (status === 401) return notAccepted(/expired/i.test(said));
  if (status === 403)
    return (DISABLED.test(code) ? unusable(path, 'is disabled') : undefined) ?? forbidden(path, code);
  return cloudError(
    'cloud-answer-invalid',
    `${KEY_VAULT} answered with status ${status}${/^\w{1,60}$/.test(code) ? ` (${code})` : ''} to reading ${quote(path)}`,
    "look into the vault's log, and run the job again",
  );
}

const DISABLED = /^SecretDisabled$|^ObjectDisabled$/;

/** The innermost code is the most exact one. */
function errorIn({ body }: CloudAnswer): { readonly code: string; readonly said: string } {
  let error: JsonValue | undefined = body['error'];
  let [code, said] = ['', ''];
  for (let depth = 0; depth < 3 && error !== undefined && isJsonObject(error); depth++) {
    code = textIn(error, 'code') || code;
    said = `${said} ${textIn(error, 'message')}`;
    error = error['innererror'];
  }
  return { code, said };
}

/** Answers that become others, for all that is known. */
export function isBusy(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

export function stillBusy(status: number): Error {
  return status === 429
    ? cloudError(
        'cloud-unreachable',
        `${KEY_VAULT} still throttles requests after several attempts`,
        'run the job again later, or find out what else asks it',
      )
    : cloudError(
        'cloud-unreachable',
        `${KEY_VAULT} still answers with status ${status} after several attempts`,
        'run the job again later',
      );
}

function notAccepted(isExpired: boolean): Error {
  return cloudError(
    'cloud-login-refused',
    `${KEY_VAULT} ${isExpired ? 'says that the token of the step has expired' : 'does not accept the token of the step'}`,
    isExpired
      ? 'log in again in this job, just before this step'
      : 'check that the step is logged in to the tenant of the vault',
  );
}

function forbidden(path: string, code: string): Error {
  const { host } = parseAzurePath(path);
  if (/Firewall|Connection|Network/.test(code))
    return cloudError(
      'cloud-forbidden',
      `the firewall of the vault ${quote(host)} does not let the runner in`,
      'add the address or the network of the runner to it, or use a runner in its network',
    );
  const isPolicy = code === 'AccessDenied' || code === 'ForbiddenByPolicy';
  return cloudError(
    'cloud-forbidden',
    `the identity of the step may not read ${describeSecret(path)}`,
    isPolicy
      ? 'give it the secret permission "get" in the access policy of the vault'
      : 'give it the role "Key Vault Secrets User" on this secret',
  );
}

export function secretMissing(path: string, version: string): Error {
  return cloudError(
    'secret-missing',
    `${KEY_VAULT} has no secret ${quote(path)}${version === '' ? '' : ' with this version'}`,
    `fix ${version === '' ? '"path"' : '"version"'} of this entry, or create the secret`,
  );
}

export function isEmpty(path: string): Error {
  return cloudError(
    'secret-missing',
    `${describeSecret(path)} is empty`,
    'store a new version with a value, or remove the entry',
  );
}

export function wasDeleted(path: string): Error {
  return cloudError(
    'secret-missing',
    `${describeSecret(path)} was deleted`,
    'restore it with `az keyvault secret recover`, or create another one',
  );
}

export function unusable(path: string, state: string): Error {
  return cloudError(
    'cloud-secret-unusable',
    `${describeSecret(path)} ${state}`,
    'store a new version, or change the attributes of this one',
  );
}

export function isCertificateKey(path: string): Error {
  return cloudError(
    'secret-not-allowed',
    `${describeSecret(path)} is the private key of a certificate, which an ${quote('azure=')} line does not allow`,
    'write "from: azure-certificate", and add an "azure-certificate=" line to "secrets" if the step may read it',
  );
}

export function isNotCertificate(path: string): Error {
  return cloudError(
    'secret-missing',
    `${describeSecret(path)} is not of a certificate`,
    'write "from: azure", with an "azure=" line in "secrets"',
  );
}

export function otherAnswer(path: string, what: string): Error {
  return cloudError(
    'cloud-answer-invalid',
    `what ${KEY_VAULT} answered for ${quote(path)} ${what}`,
    'check the host and the name of this entry, and what is between the runner and Azure',
  );
}
