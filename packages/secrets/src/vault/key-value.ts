import { isJsonObject, type JsonObject, type JsonValue } from '@slipway/core';
import type { CallVault, VaultAnswer } from './vault-client.ts';
import { quotePath, refuseUnexpected, unexpectedAnswer, vaultError } from './vault-errors.ts';

/** Where a path leads: the engine's mount, and what follows it. */
interface Engine {
  readonly mount: readonly string[];
  readonly name: readonly string[];
  readonly version: 1 | 2;
}

/**
 * The fields of a secret in a key-value engine of version 1 or 2, its newest version.
 * @param path mount and name, such as `kv/shop/database`
 * @throws SlipwayError `vault-forbidden`, `vault-engine-unsupported`, `secret-missing`, `vault-sealed`, `vault-answer-invalid`
 */
export async function readKeyValue(
  call: CallVault,
  token: string,
  path: readonly string[],
): Promise<JsonObject> {
  const { mount, name, version } = await findEngine(call, token, path);
  const address = version === 2 ? [...mount, 'data', ...name] : path;
  const answer = await call({ method: 'GET', path: address, token });
  refuseUnexpected(answer);
  if (version === 2 && name[0] === 'data' && [403, 404].includes(answer.status)) throw apiPath(mount, name);
  if (answer.status === 403) throw forbidden(path, address);
  const data = answer.body['data'];
  if (answer.status === 404) throw missing(path, isJsonObject(data) && isJsonObject(data['metadata']));
  const fields = version === 2 && isJsonObject(data) ? data['data'] : data;
  if (answer.status !== 200 || !isJsonObject(fields))
    throw unexpectedAnswer(answer.status, `reading ${quotePath(path)}`);
  return fields;
}

/** Asked as Vault's own command line asks it: https://github.com/hashicorp/vault/blob/v1.14.1/command/kv_helpers.go */
async function findEngine(call: CallVault, token: string, path: readonly string[]): Promise<Engine> {
  const answer = await call({ method: 'GET', path: ['sys', 'internal', 'ui', 'mounts', ...path], token });
  refuseUnexpected(answer);
  if (answer.status === 403) throw forbidden(path, path);
  const { data } = answer.body;
  const found = isJsonObject(data) ? data['path'] : undefined;
  if (answer.status !== 200 || !isJsonObject(data) || typeof found !== 'string')
    throw unexpectedMountAnswer(answer, path);
  const mount = found.replace(/\/$/, '').split('/');
  const name = path.slice(mount.length);
  if (name.length === 0 || mount.some((segment, index) => segment !== path[index]))
    throw unexpectedMountAnswer(answer, path);
  return { mount, name, version: versionOf(data, path) };
}

function versionOf({ type, options }: JsonObject, path: readonly string[]): 1 | 2 {
  if (type !== 'kv' && type !== 'generic')
    throw vaultError(
      'vault-engine-unsupported',
      `${quotePath(path)} is not in a key-value engine`,
      'keep the secret in one of version 1 or 2',
    );
  return isJsonObject(options) && options['version'] === '2' ? 2 : 1;
}

/** The value of a field as text; a number as its digits. */
export function fieldText(fields: JsonObject, key: string, path: readonly string[]): string {
  const value: JsonValue | undefined = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  throw vaultError(
    'secret-missing',
    value === undefined || value === null || value === ''
      ? `the secret ${quotePath(path)} of Vault has no field ${quotePath([key])}`
      : `the field ${quotePath([key])} of the secret ${quotePath(path)} of Vault is not a scalar`,
    'fix "key" of this entry, or write the field',
  );
}

function forbidden(path: readonly string[], address: readonly string[]) {
  return vaultError(
    'vault-forbidden',
    `Vault does not let this login read ${quotePath(path)}`,
    `add to its policy: path ${quotePath(address)} { capabilities = ["read"] }`,
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

function missing(path: readonly string[], wasDeleted: boolean) {
  return vaultError(
    'secret-missing',
    wasDeleted
      ? `the newest version of the secret ${quotePath(path)} of Vault was deleted`
      : `Vault has no secret ${quotePath(path)}`,
    wasDeleted ? 'undelete it, or write it again' : 'fix "path" of this entry, or write the secret',
  );
}

function unexpectedMountAnswer({ status }: VaultAnswer, path: readonly string[]) {
  return unexpectedAnswer(status, `the question which engine has ${quotePath(path)}`);
}
