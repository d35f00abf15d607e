import { quote } from '@slipway/core';
import type { StoreSurroundings } from '../../store.ts';
import {
  type CloudAnswer,
  type CloudConnection,
  cloudError,
  connectCloud,
  type RetryRule,
} from '../http/cloud-service.ts';
import { type AzureIdentity, type AzureLogin, identifyToAzure } from './azure-identity.ts';
import { type AzureCloud, cloudOf } from './azure-path.ts';
import { type AzureSettings, isGuid } from './azure-settings.ts';
import { ownerOf } from './azure-token.ts';
import { checkChallenge } from './challenge.ts';
import { warnOfProfile } from './ignored-profile.ts';
import { KEY_VAULT } from './vault-problems.ts';

/** Everything that both stores of Azure ask with. */
export interface AzureSession {
  /**
   * What a vault answers to a GET.
   * @param path what follows the host, as Azure writes it
   * @throws SlipwayError `cloud-other-account`, `cloud-answer-invalid`, and as logging in does
   */
  get(host: string, path: string): Promise<CloudAnswer>;
  readonly now: () => Date;
}

type Surroundings = Omit<StoreSurroundings, 'readFile'> &
  Pick<CloudConnection, 'wait'> & { readonly sendToMachine?: AzureLogin['sendToMachine'] };

/** Those of Azure's own clients: https://learn.microsoft.com/azure/architecture/best-practices/retry-service-specific */
const AZURE_RETRIES: RetryRule = {
  pauses: [800, 1_600, 3_200],
  isTransient: ({ status }) => [408, 429, 500, 502, 503, 504].includes(status),
};

/** The last version that every one of Microsoft's clouds has. */
const API_VERSION = '7.4';

/** Nothing is asked before the first secret is read. Each cloud is logged in to once, and the challenge of each vault is looked at once. */
export function openAzureSession(settings: AzureSettings, surroundings: Surroundings): AzureSession {
  const send = connectCloud(surroundings, AZURE_RETRIES);
  const { sendToMachine = connectCloud({ ...surroundings, environment: {} }, AZURE_RETRIES), logger } =
    surroundings;
  const login = { settings, surroundings, send, sendToMachine };
  const ask = async (host: string, path: string, headers: Readonly<Record<string, string>>) => {
    const url = new URL(`https://${host}${path}?api-version=${API_VERSION}`);
    return await send({
      service: KEY_VAULT,
      method: 'GET',
      url,
      headers: { accept: 'application/json', ...headers },
    });
  };
  const identityFor = onceFor(async (suffix: string, cloud: AzureCloud): Promise<AzureIdentity> => {
    warnOfProfile({ identity: settings.client === undefined ? settings.identity : undefined, logger });
    const identity = await identifyToAzure(cloud, login);
    logger.info(`Azure is asked for secrets of ${suffix} as ${described(identity)}, from ${identity.source}`);
    return identity;
  });
  const tokenFor = onceFor(async (host: string, path: string): Promise<string> => {
    const cloud = cloudOf(host);
    if (cloud === undefined) throw notVault(host);
    const tenant = checkChallenge(await ask(host, path, {}), host, cloud);
    const own = settings.client?.tenant ?? '';
    refuseTenant(host, tenant, own);
    const { token } = await identityFor(cloud.suffix, cloud);
    refuseTenant(host, tenant, ownerOf(token).tenant);
    return token;
  });
  return {
    async get(host, path) {
      const token = await tokenFor(host, path);
      return await ask(host, path, { authorization: `Bearer ${token}` });
    },
    now: () => new Date(),
  };
}

function onceFor<Given, Result>(make: (key: string, given: Given) => Promise<Result>) {
  const known = new Map<string, Promise<Result>>();
  return (key: string, given: Given): Promise<Result> => {
    const made = known.get(key) ?? make(key, given);
    known.set(key, made);
    return made;
  };
}

function described({ token }: AzureIdentity): string {
  const { client, tenant } = ownerOf(token);
  return isGuid(client) && isGuid(tenant)
    ? `${client} of the tenant ${tenant}`
    : 'an identity that its token does not name';
}

/** A tenant may be written as a domain too, which is compared by Azure only. */
function refuseTenant(host: string, tenant: string, own: string): void {
  if (!isGuid(tenant) || !isGuid(own) || tenant.toLowerCase() === own.toLowerCase()) return;
  throw cloudError(
    'cloud-other-account',
    `the vault ${quote(host)} is in the tenant ${tenant}, and the step is logged in to ${own}`,
    'fix the host of this entry, or log in to the tenant of the vault',
  );
}

function notVault(host: string): Error {
  return cloudError(
    'cloud-forbidden',
    `${quote(host)} is not the name of a vault`,
    'write a host such as shop.vault.azure.net in small letters',
  );
}

/** One session for both stores of a run, so that the log names the identity once. */
const sessions = new WeakMap<StoreSurroundings, AzureSession>();

export function azureSessionOf(surroundings: StoreSurroundings, settings: AzureSettings): AzureSession {
  const session = sessions.get(surroundings) ?? openAzureSession(settings, surroundings);
  sessions.set(surroundings, session);
  return session;
}
