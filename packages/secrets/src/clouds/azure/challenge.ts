import { quote } from '@slipway/core';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import type { AzureCloud } from './azure-path.ts';
import { isBusy, stillBusy } from './vault-problems.ts';

/**
 * What a vault answers to a request without a token says for what it takes one. A token is for all vaults of a cloud, so that a server
 * which asks for another is not given any.
 * https://learn.microsoft.com/azure/key-vault/general/authentication-requests-and-responses#authentication
 * @returns the tenant of the vault; empty if it names none
 * @throws SlipwayError `cloud-answer-invalid`
 */
export function checkChallenge(
  { status, headers }: CloudAnswer,
  host: string,
  { suffix }: AzureCloud,
): string {
  if (isBusy(status)) throw stillBusy(status);
  const challenge = headers['www-authenticate'] ?? '';
  const fields = status === 401 ? fieldsOf(challenge) : undefined;
  if (fields === undefined)
    throw cloudError(
      'cloud-answer-invalid',
      `the vault ${quote(host)} does not ask for a token (status ${status})`,
      "check the vault's firewall, and what is between the runner and the cloud, such as a proxy",
    );
  const wanted = fields.get('resource') ?? fields.get('scope')?.replace(/\/\.default$/, '') ?? '';
  if (wanted.replace(/\/$/, '') === `https://${suffix}`)
    return tenantOf(fields.get('authorization') ?? fields.get('authorization_uri') ?? '');
  throw cloudError(
    'cloud-answer-invalid',
    `the vault ${quote(host)} asks for a token of ${wanted === '' ? 'no resource' : 'another resource'}`,
    'check the host of this entry, and what is between the runner and the cloud, such as a proxy',
  );
}

/** The parameters of a Bearer challenge; a name that is given twice is of neither. */
function fieldsOf(challenge: string): ReadonlyMap<string, string> | undefined {
  const parameters = /^Bearer\s+(.*)$/i.exec(challenge)?.[1];
  if (parameters === undefined) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of parameters.matchAll(/([a-z_]+)="([^"]*)"/gi))
    fields.set(name.toLowerCase(), fields.has(name.toLowerCase()) ? '' : value);
  return fields;
}

function tenantOf(authorization: string): string {
  return URL.parse(authorization)?.pathname.split('/')[1] ?? '';
}
