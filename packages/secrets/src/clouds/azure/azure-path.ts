/** One of Microsoft's clouds, by the end of its vaults' names. */
export interface AzureCloud {
  readonly suffix: string;
  /** Where a job logs in: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
  readonly login: string;
  /** Whom GitHub's identity token is for: https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations */
  readonly audience: string;
}

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
const CLOUDS: readonly AzureCloud[] = [
  {
    suffix: 'vault.azure.net',
    login: 'https://login.microsoftonline.com',
    audience: 'api://AzureADTokenExchange',
  },
  {
    suffix: 'vault.azure.cn',
    login: 'https://login.partner.microsoftonline.cn',
    audience: 'api://AzureADTokenExchangeChina',
  },
  {
    suffix: 'vault.usgovcloudapi.net',
    login: 'https://login.microsoftonline.us',
    audience: 'api://AzureADTokenExchangeUSGov',
  },
];

export const AZURE_LOGINS: readonly string[] = CLOUDS.map(({ login }) => login);

/** What `<host>/<name>` names. */
export interface AzurePath {
  readonly host: string;
  readonly name: string;
}

const VAULT = /^[a-z](?:-?[a-z0-9])+$/;
const NAME = /^[A-Za-z0-9*-]{1,127}$/;

export function parseAzurePath(path: string): AzurePath {
  const [host = '', ...name] = path.split('/');
  return { host, name: name.join('/') };
}

/** The cloud of a vault; undefined for every other host. */
export function cloudOf(host: string): AzureCloud | undefined {
  const dot = host.indexOf('.');
  const vault = host.slice(0, dot);
  if (!VAULT.test(vault) || vault.length > 24) return undefined;
  return CLOUDS.find(({ suffix }) => suffix === host.slice(dot + 1));
}

/** What is wrong with a line of `secrets`: only the name may have a `*`. */
export function refuseAzureLine(path: string): string | undefined {
  const { host, name } = parseAzurePath(path);
  if (cloudOf(host) === undefined) return 'a host that is not the name of a vault in small letters';
  if (name === '' || name === '**') return 'no name behind its host';
  return NAME.test(name) ? undefined : 'a name with a character that Azure does not allow';
}
