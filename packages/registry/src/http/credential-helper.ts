import { type Exec, isJsonObject, type JsonValue, quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { Credentials, DockerConfig } from './docker-config.ts';

/** Docker Hub's name in credential stores. */
const HUB_KEY = 'https://index.docker.io/v1/';
/** The user name with which a helper says that the secret is an identity token. */
const TOKEN_USER = '<token>';
const HELPER_NAME = /^[A-Za-z0-9_.-]+$/;

/**
 * The login for a registry: from its own helper, from `auths`, or from the store, in docker's order; undefined is anonymous.
 * https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development
 * @throws SlipwayError `credential-helper-failed` when a registry's own helper fails
 */
export async function findCredentials(
  config: DockerConfig,
  registry: string,
  exec: Exec | undefined,
): Promise<Credentials | undefined> {
  const own = config.helpers.get(registry);
  if (own !== undefined && exec !== undefined) return await askHelper(own, registry, exec);
  const login = config.logins.get(registry);
  if (login !== undefined || config.store === undefined || exec === undefined) return login;
  // A store answers for registries that it does not know with an error: that is not a reason to stop.
  return await askHelper(config.store, registry, exec).catch(() => undefined);
}

async function askHelper(name: string, registry: string, exec: Exec): Promise<Credentials> {
  if (!HELPER_NAME.test(name)) throw failed(name, registry);
  const input = registry === 'docker.io' ? HUB_KEY : registry;
  try {
    const { exitCode, stdout } = await exec(`docker-credential-${name}`, ['get'], { input });
    const credentials = exitCode === 0 ? parseAnswer(JSON.parse(stdout)) : undefined;
    if (credentials !== undefined) return credentials;
  } catch (cause) {
    throw failed(name, registry, cause);
  }
  throw failed(name, registry);
}

function parseAnswer(answer: JsonValue): Credentials | undefined {
  if (!isJsonObject(answer)) return undefined;
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== 'string' || typeof secret !== 'string') return undefined;
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

function failed(name: string, registry: string, cause?: unknown): SlipwayError<RegistryErrorCode> {
  return new SlipwayError(
    {
      code: 'credential-helper-failed',
      message: `${quote(`docker-credential-${name}`)} gave no login for ${quote(registry)}`,
      remedy: "install it and log in, or remove it from docker's config.json",
    },
    { cause },
  );
}
