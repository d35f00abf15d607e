import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';

/** A login to one registry. `identityToken` is what token servers take instead of a password (OAuth 2 refresh token). */
export type Credentials =
  | { readonly username: string; readonly password: string }
  | { readonly identityToken: string };

/** The part of docker's `config.json` that is about logins, keyed by registry. */
export interface DockerConfig {
  readonly logins: ReadonlyMap<string, Credentials>;
  /** Names of `docker-credential-<name>` programs by registry. */
  readonly helpers: ReadonlyMap<string, string>;
  /** The program for every other registry. */
  readonly store?: string;
}

export const emptyDockerConfig: DockerConfig = { logins: new Map(), helpers: new Map() };

/** Where docker keeps its config: `DOCKER_CONFIG`, or `.docker` in the home folder. */
export function dockerConfigDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return (
    environment['DOCKER_CONFIG'] || join(environment['HOME'] ?? environment['USERPROFILE'] ?? '/', '.docker')
  );
}

/** The logins in `<directory>/config.json`; a missing file has none. @throws SlipwayError `docker-config-invalid` */
export async function readDockerConfig(directory: string): Promise<DockerConfig> {
  const path = join(directory, 'config.json');
  try {
    return parseDockerConfig(await readFile(path, 'utf8'), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyDockerConfig;
    throw error instanceof SlipwayError ? error : unreadable(path, 'cannot be read', error);
  }
}

/** @param path what messages call it @throws SlipwayError `docker-config-invalid` */
export function parseDockerConfig(text: string, path: string): DockerConfig {
  let config: JsonValue;
  try {
    config = JSON.parse(text);
  } catch {
    // The parser's own message repeats what it read, and that may be a login.
    throw unreadable(path, 'is not JSON');
  }
  if (!isJsonObject(config)) throw unreadable(path, 'is not a JSON object');
  const store = config['credsStore'];
  return {
    logins: new Map(entriesOf(config['auths']).flatMap(([key, login]) => loginOf(key, login, path))),
    helpers: new Map(
      entriesOf(config['credHelpers']).map(([key, name]) => [registryOfKey(key), String(name)]),
    ),
    ...(typeof store === 'string' && store !== '' ? { store } : {}),
  };
}

function entriesOf(value: JsonValue | undefined): [string, JsonValue][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** An entry without a login is how docker notes that a store has it. */
function loginOf(key: string, login: JsonValue, path: string): [string, Credentials][] {
  if (!isJsonObject(login)) return [];
  const { auth, username, password, identitytoken } = login;
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return [[registryOfKey(key), { identityToken: identitytoken }]];
  if (typeof username === 'string' && typeof password === 'string')
    return [[registryOfKey(key), { username, password }]];
  if (typeof auth !== 'string' || auth === '') return [];
  const plain = Buffer.from(auth, 'base64').toString('utf8');
  const colon = plain.indexOf(':');
  if (colon < 1) throw unreadable(path, `has a login for ${quote(key)} that is not base64 of user:password`);
  return [[registryOfKey(key), { username: plain.slice(0, colon), password: plain.slice(colon + 1) }]];
}

/** Docker writes `https://index.docker.io/v1/` for Docker Hub, and hosts with or without scheme and path for others. */
function registryOfKey(key: string): string {
  const host = key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function unreadable(path: string, reason: string, cause?: unknown): SlipwayError<RegistryErrorCode> {
  return new SlipwayError(
    {
      code: 'docker-config-invalid',
      message: `${quote(path)} ${reason}`,
      remedy: 'log in to the registry again',
    },
    { cause },
  );
}
