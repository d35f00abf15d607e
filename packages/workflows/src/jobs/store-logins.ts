import { type AllowedSecrets, sopsWordsOf, usesVault } from '../application/application.ts';

/** How deploy's step logs in to the stores of one kind. */
export interface StoreLogin {
  /** Inputs of which each is a variable on GitHub. */
  readonly inputs: readonly string[];
  /** Those that most teams leave out. */
  readonly more: readonly string[];
  /** What to do instead of setting these variables; undefined where they are needed. */
  readonly instead?: string;
}

/** The variable on GitHub that an input is given. */
export function variableOf(input: string): string {
  return input.toUpperCase().replaceAll('-', '_');
}

const VAULT: StoreLogin = {
  inputs: ['vault-address', 'vault-role'],
  more: ['vault-mount', 'vault-audience', 'vault-namespace', 'vault-ca'],
};

const CLOUDS = [
  ['aws', { inputs: ['aws-role'], more: [], instead: 'a login to AWS of your own' }],
  [
    'gcp',
    {
      inputs: ['gcp-provider', 'gcp-service-account'],
      more: [],
      instead: 'a login to Google Cloud of your own',
    },
  ],
  [
    'azure',
    { inputs: ['azure-client-id', 'azure-tenant-id'], more: [], instead: 'a login to Azure of your own' },
  ],
] as const satisfies [keyof AllowedSecrets, StoreLogin][];

/** On a runner of the team's own, for every cloud. */
const MACHINE: StoreLogin = { inputs: [], more: ['cloud-identity'] };

/** The logins to stores of secrets, each with its inputs. */
export function loginsOf(secrets: AllowedSecrets): StoreLogin[] {
  const clouds = CLOUDS.filter(([cloud]) => (secrets[cloud] ?? []).length > 0).map(([, login]) => login);
  return [...(usesVault(secrets) ? [VAULT] : []), ...clouds, ...(clouds.length === 0 ? [] : [MACHINE])];
}

/** What the keys of SOPS files need of the steps before, each as a part of a sentence. */
const KEYS: readonly (readonly [word: string, what: string])[] = [
  ['sops-kms', 'a login to AWS'],
  ['sops-gcp', 'a login to Google Cloud'],
  ['sops-azure', 'a login to Azure'],
  ['sops-pgp', 'a step that imports the PGP key'],
];

/** What must be written between the marks of a job, so that the keys of its SOPS files can be used. */
export function keyLoginsOf(secrets: AllowedSecrets): string[] {
  const words = sopsWordsOf(secrets);
  return KEYS.filter(([word]) => words.has(word)).map(([, what]) => what);
}

/** Whether a job can use GitHub's identity token for its stores or the keys of its files. */
export function isLoggedInto(secrets: AllowedSecrets): boolean {
  return loginsOf(secrets).length > 0 || keyLoginsOf(secrets).some(what => what.startsWith('a login'));
}

/** What must be set up for the stores, as sentences. */
export function storeNeedsOf(secrets: AllowedSecrets): string[] {
  const stores = loginsOf(secrets).flatMap(({ inputs, more, instead }) => [
    ...(inputs.length === 0
      ? []
      : [`${variables(inputs)}${instead === undefined ? '' : `, or ${instead}`}.`]),
    ...(more.length === 0 ? [] : [`If needed, ${lowered(variables(more))}.`]),
  ]);
  const keys = keyLoginsOf(secrets);
  return [...stores, ...(keys.length === 0 ? [] : [`For SOPS, between the marks: ${keys.join(', ')}.`])];
}

function variables(inputs: readonly string[]): string {
  const names = inputs.map(variableOf);
  const listed =
    names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `The variable${names.length === 1 ? '' : 's'} ${listed}`;
}

function lowered(text: string): string {
  return `${text.slice(0, 1).toLowerCase()}${text.slice(1)}`;
}
