import { SlipwayError } from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import { safeAddress } from '../http/exchange.ts';
import type { SettingsReader } from '../store.ts';

/** An identity that no login left, but that the machine or its user has; undefined unless the workflow names it. */
export type CloudIdentity =
  | { readonly from: 'instance' }
  | { readonly from: 'profile'; readonly name: string }
  | undefined;

const PROFILE = /^profile:([\w.@+][\w.@+-]*)$/;

/**
 * @param text what the input `cloud-identity` says, empty for none
 * @throws SlipwayError `cloud-identity-invalid`
 */
export function parseCloudIdentity(text: string): CloudIdentity {
  if (text === '') return undefined;
  if (text === 'instance') return { from: 'instance' };
  const name = PROFILE.exec(text)?.[1];
  if (name !== undefined) return { from: 'profile', name };
  throw new SlipwayError<SecretsErrorCode>({
    code: 'cloud-identity-invalid',
    message: 'input "cloud-identity" must be "instance" or "profile:" with a name',
    remedy: 'write one of them, or leave it out to use what a login of the job left',
  });
}

/** As the input has it. */
export function describeCloudIdentity(identity: NonNullable<CloudIdentity>): string {
  return identity.from === 'instance' ? 'instance' : `profile:${identity.name}`;
}

/** A server that is asked instead of the cloud's own; nothing in the environment can name one. */
export function readEndpoint(reader: SettingsReader, input: string): URL | undefined {
  const text = reader.text(input);
  const url = text === '' ? undefined : safeAddress(text);
  if (text !== '' && url === undefined)
    reader.problem(
      input,
      'must be an https:// URL (http:// only on localhost)',
      'write https://host:port, or leave it out',
    );
  if (url !== undefined && url.pathname !== '/')
    reader.problem(
      input,
      'must be a server without a path, as each service is asked at its own',
      'write https://host:port',
    );
  return url;
}
