import {
  defined,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  nearest,
  type SlipwayError,
  valueAt,
} from '@slipway/core';
import type { SecretsErrorCode } from '../error-codes.ts';
import type { SecretVersion } from '../store.ts';
import { parseExactJson } from '../values/exact-json.ts';
import type { CallVault, VaultAnswer } from './vault-client.ts';
import { quotePath, refuseUnexpected, unexpectedAnswer, vaultError } from './vault-errors.ts';

/** Where a path leads: the engine's mount, and what follows it. */
export interface Engine {
  readonly mount: readonly string[];
  readonly name: readonly string[];
  /** As Vault calls it: `kv`, or `generic`, its former name. */
  readonly type: string;
  /** Has a meaning for a key-value engine only. */
  readonly version: 1 | 2;
}

/** What a path of Vault holds. */
export interface VaultSecret {
  readonly fields: JsonObject;
  readonly version: SecretVersion | undefined;
  /** Whether Vault lends it, and takes it back. */
  readonly isLease: boolean;
}

export function isKeyValue({ type }: Engine): boolean {
  return type === 'kv' || type === 'generic';
}

/**
 * A secret in a key-value engine of version 1 or 2, its newest version.
 * @param path mount and name, such as `kv/shop/database`
 * @throws SlipwayError `vault-forbidden`, `secret-missing`, `vault-sealed`, `vault-answer-invalid`
 */
export async function readKeyValue(
  call: CallVault,
  token: string,
  path: readonly string[],
  { mount, name, version }: Engine,
): Promise<VaultSecret> {
  const address = version === 2 ? [...mount, 'data', ...name] : path;
  const answer = await call({ method: 'GET', path: address, token });
  refuseUnexpected(answer);
  if (version === 2 && name[0] === 'data' && [403, 404].includes(answer.status)) throw apiPath(mount, name);
  if (answer.status === 403) throw forbidden(path, address);
  const data = answer.body['data'];
  if (answer.status === 404) throw missing(path, isJsonObject(data) ? data['metadata'] : undefined);
  const fields = fieldsIn(answer, version === 2 ? ['data', 'data'] : ['data']);
  if (answer.status !== 200 || fields === undefined)
    throw unexpectedAnswer(answer.status, `reading ${quotePath(path)}`);
  const metadata = version === 2 && isJsonObject(data) ? data['metadata'] : undefined;
  return { fields, version: versionIn(metadata), isLease: isLease(answer) };
}

/** What a secret consists of, its numbers as the digits that Vault keeps. */
function fieldsIn({ text, body }: VaultAnswer, path: readonly string[]): JsonObject | undefined {
  if (!isJsonObject(body['data'])) return undefined;
  try {
    const fields = valueAt(parseExactJson(text), path);
    return isJsonObject(fields) ? fields : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version */
function versionIn(metadata: JsonValue | undefined): SecretVersion | undefined {
  if (!isJsonObject(metadata)) return undefined;
  const { version, created_time: created } = metadata;
  if (typeof version !== 'number' && typeof version !== 'bigint') return undefined;
  return { id: String(version), ...defined({ since: typeof created === 'string' ? created : undefined }) };
}

/**
 * What another engine makes for whoever reads it, such as a user of a database.
 * @throws SlipwayError `vault-engine-unsupported` if it is not a lease, and as `readKeyValue` does
 */
export async function readLease(
  call: CallVault,
  token: string,
  path: readonly string[],
): Promise<VaultSecret> {
  const answer = await call({ method: 'GET', path, token });
  refuseUnexpected(answer);
  if (answer.status === 403) throw forbidden(path, path);
  if (answer.status === 404) throw missing(path);
  const { lease_duration: lasts } = answer.body;
  const fields = fieldsIn(answer, ['data']);
  if (answer.status === 200 && !isLease(answer)) throw unsupported(path);
  if (answer.status !== 200 || fields === undefined)
    throw unexpectedAnswer(answer.status, `reading ${quotePath(path)}`);
  return { fields, version: { lasts: Number(lasts ?? 0) }, isLease: true };
}

/** Version 1 of the key-value engine has a duration too, which is advice to readers; only a lease has an ID. */
function isLease({ body }: VaultAnswer): boolean {
  const id = body['lease_id'];
  return typeof id === 'string' && id !== '';
}

/**
 * Asked as Vault's own command line asks it: https://github.com/hashicorp/vault/blob/v1.14.1/command/kv_helpers.go
 * @throws SlipwayError `vault-forbidden`, `vault-sealed`, `vault-answer-invalid`
 */
export async function findEngine(call: CallVault, token: string, path: readonly string[]): Promise<Engine> {
  const answer = await call({ method: 'GET', path: ['sys', 'internal', 'ui', 'mounts', ...path], token });
  refuseUnexpected(answer);
  if (answer.status === 403) throw engineForbidden(path);
  const { data } = answer.body;
  const found = isJsonObject(data) ? data['path'] : undefined;
  if (answer.status !== 200 || !isJsonObject(data) || typeof found !== 'string')
    throw unexpectedMountAnswer(answer, path);
  const mount = found.replace(/\/$/, '').split('/');
  const name = path.slice(mount.length);
  if (found === `${path.join('/')}/`) throw onlyMount(path);
  if (name.length === 0 || mount.some((segment, index) => segment !== path[index]))
    throw unexpectedMountAnswer(answer, path);
  const { type, options } = data;
  const version = isJsonObject(options) && options['version'] === '2' ? 2 : 1;
  return { mount, name, type: String(type), version };
}

/** Engines that lend what they make: https://developer.hashicorp.com/vault/docs/secrets */
const LENDERS =
  /^(?:ad|alicloud|aws|azure|consul|database|gcp|kubernetes|ldap|mongodbatlas|nomad|openldap|rabbitmq|terraform)$/;

/** Why an entry that a rollback keeps is not read from an engine. Nothing is asked of the engine, which would make a user for it. */
export function refuseEngine({ type }: Engine, path: readonly string[]): SlipwayError<SecretsErrorCode> {
  return LENDERS.test(type) ? leased(path) : unsupported(path);
}

export function leased(path: readonly string[]): SlipwayError<SecretsErrorCode> {
  return vaultError(
    'secret-leased',
    `${quotePath(path)} is lent by Vault and taken back, so that a rollback cannot restore what was kept`,
    'set "on-rollback: current" for this entry, or keep the secret in a key-value engine',
  );
}

function unsupported(path: readonly string[]): SlipwayError<SecretsErrorCode> {
  return vaultError(
    'vault-engine-unsupported',
    `${quotePath(path)} is not in a key-value engine`,
    'keep the secret in one of version 1 or 2',
  );
}

/** The value of a field as text; a number is its digits already. */
export function fieldText(fields: JsonObject, key: string, path: readonly string[]): string {
  const value: JsonValue | undefined = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'boolean') return String(value);
  const near = value === undefined ? nearest(key, Object.keys(fields)) : undefined;
  throw vaultError(
    'secret-missing',
    value === undefined || value === null || value === ''
      ? `the secret ${quotePath(path)} of Vault has no field ${quotePath([key])}`
      : `the field ${quotePath([key])} of the secret ${quotePath(path)} of Vault is not a scalar`,
    near === undefined ? 'fix "key" of this entry, or write the field' : `did you mean ${quotePath([near])}?`,
  );
}

function forbidden(path: readonly string[], address: readonly string[]) {
  return vaultError(
    'vault-forbidden',
    `Vault does not let this login read ${quotePath(path)}`,
    `add to its policy: path ${quotePath(address)} { capabilities = ["read"] }`,
  );
}

/**
 * Vault says the same of an engine that is not there, of a token that is not valid any more, and of one that may read nothing in it; in
 * which version the engine is, no one knows then.
 */
function engineForbidden(path: readonly string[]) {
  const [mount = '', ...name] = path;
  const rules = [path, [mount, 'data', ...name]].map(quotePath);
  return vaultError(
    'vault-forbidden',
    `Vault does not let this login read ${quotePath(path)}, or has no engine there, or the token has expired`,
    `check the login and the mount at the beginning of the path, and add to the policy: path ${rules[0]}, or for version 2 of the engine path ${rules[1]}, { capabilities = ["read"] }`,
  );
}

function onlyMount(path: readonly string[]) {
  return vaultError(
    'secret-missing',
    `${quotePath(path)} is an engine of Vault, and not a secret in it`,
    `write the name of the secret behind it, such as path: ${path.join('/')}/shop, here and in the input "secrets"`,
  );
}

/** The path in the HTTP API's documentation is not the one that the command line accepts. */
function apiPath(mount: readonly string[], name: readonly string[]) {
  return vaultError(
    'secret-missing',
    `Vault has no secret ${quotePath([...mount, ...name])}: in version 2, "data" is not part of a secret's name`,
    `write path: ${[...mount, ...name.slice(1)].join('/')}, here and in the input "secrets"`,
  );
}

/** @param metadata what version 2 of the engine keeps of a version without its fields; what was destroyed cannot be undeleted */
function missing(path: readonly string[], metadata?: JsonValue) {
  if (!isJsonObject(metadata))
    return vaultError(
      'secret-missing',
      `Vault has no secret ${quotePath(path)}`,
      'fix "path" of this entry, or write the secret',
    );
  const isDestroyed = metadata['destroyed'] === true;
  return vaultError(
    'secret-missing',
    `the newest version of the secret ${quotePath(path)} of Vault was ${isDestroyed ? 'destroyed' : 'deleted'}`,
    isDestroyed ? 'write the secret again' : 'undelete it, or write it again',
  );
}

function unexpectedMountAnswer({ status }: VaultAnswer, path: readonly string[]) {
  return unexpectedAnswer(status, `the question which engine has ${quotePath(path)}`);
}
