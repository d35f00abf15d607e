import {
  type Cloud,
  type Exec,
  isJsonObject,
  type JsonValue,
  type LoginEnvironment,
  loginEnvironment,
  quote,
  SlipwayError,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { Credentials, DockerConfig } from './docker-config.ts';

/** Docker Hub's name in credential stores. */
const HUB_KEY = 'https://index.docker.io/v1/';
/** The user name with which a helper says that the secret is an identity token. */
const TOKEN_USER = '<token>';
const HELPER_NAME = /^[A-Za-z0-9_.-]+$/;

/** The clouds whose logins a helper needs, by its name after `docker-credential-`. */
const CLOUDS_OF = new Map<string, readonly Cloud[]>([
  ['ecr-login', ['aws']],
  ['gcr', ['google']],
  ['gcloud', ['google']],
  ['acr-env', ['azure']],
]);
/** Inputs, what stores of secrets log in with, and the runner's own token: no helper needs them. */
const NOT_FOR_HELPERS = /^(?:INPUT|SOPS|VAULT|BAO|ACTIONS_RUNTIME)_/;

/** What starting a helper needs. */
export interface HelperContext {
  /** Without it no helper is asked. */
  readonly exec?: Exec | undefined;
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** What `env=` lines of `secrets` name, which no helper gets. */
  readonly secretNames?: readonly string[] | undefined;
}

/**
 * The login for a registry: from its own helper, from `auths`, or from the store, in docker's order; undefined is anonymous.
 * https://github.com/docker/docker-credential-helpers/blob/v0.9.3/README.md#development
 * @throws SlipwayError `credential-helper-failed` when a registry's own helper fails
 */
export async function findCredentials(
  config: DockerConfig,
  registry: string,
  context: HelperContext,
): Promise<Credentials | undefined> {
  const { exec } = context;
  const own = config.helpers.get(registry);
  if (own !== undefined && exec !== undefined) return await askHelper(own, registry, exec, context);
  const login = config.logins.get(registry);
  if (login !== undefined || config.store === undefined || exec === undefined) return login;
  // A store answers for registries that it does not know with an error: that is not a reason to stop.
  return await askHelper(config.store, registry, exec, context).catch(() => undefined);
}

async function askHelper(
  name: string,
  registry: string,
  exec: Exec,
  context: HelperContext,
): Promise<Credentials> {
  if (!HELPER_NAME.test(name)) throw failed(name, registry, []);
  const input = registry === 'docker.io' ? HUB_KEY : registry;
  const { variables, withheld } = helperEnvironment(name, context);
  try {
    const options = { input, environment: variables };
    const { exitCode, stdout } = await exec(`docker-credential-${name}`, ['get'], options);
    const credentials = exitCode === 0 ? parseAnswer(JSON.parse(stdout)) : undefined;
    if (credentials !== undefined) return credentials;
  } catch (cause) {
    throw failed(name, registry, withheld, cause);
  }
  throw failed(name, registry, withheld);
}

/**
 * What a helper gets of the environment. One of a cloud gets what that cloud's login needs. Docker's config has no `env`, as a
 * kubeconfig has, so that any other gets what docker would give it, without what is certainly not its own.
 */
export function helperEnvironment(
  name: string,
  { environment = {}, secretNames = [] }: HelperContext,
): LoginEnvironment {
  const clouds = CLOUDS_OF.get(name);
  if (clouds !== undefined) return loginEnvironment(clouds, environment, secretNames);
  const given = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !NOT_FOR_HELPERS.test(entry[0]),
  );
  return {
    variables: Object.fromEntries(given.filter(([name]) => !secretNames.includes(name))),
    withheld: given.map(([name]) => name).filter(name => secretNames.includes(name)),
  };
}

function parseAnswer(answer: JsonValue): Credentials | undefined {
  if (!isJsonObject(answer)) return undefined;
  const { Username: username, Secret: secret } = answer;
  if (typeof username !== 'string' || typeof secret !== 'string') return undefined;
  return username === TOKEN_USER ? { identityToken: secret } : { username, password: secret };
}

function failed(
  name: string,
  registry: string,
  withheld: readonly string[],
  cause?: unknown,
): SlipwayError<RegistryErrorCode> {
  const remedy =
    withheld.length === 0
      ? "install it and log in, or remove it from docker's config.json"
      : `it did not get ${withheld.join(', ')}, as "secrets" names it: use another name there`;
  return new SlipwayError(
    {
      code: 'credential-helper-failed',
      message: `${quote(`docker-credential-${name}`)} gave no login for ${quote(registry)}`,
      remedy,
    },
    { cause },
  );
}
