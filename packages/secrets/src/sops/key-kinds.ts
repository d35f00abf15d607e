import type { JsonObject } from '@slipway/core';
import { kmsNameOfEntry, kmsNameOfLine } from './aws-kms-key.ts';

/** Words of the input `secrets` that name a key which SOPS files may be opened with. */
export const SOPS_KEY_WORDS = ['sops-kms', 'sops-gcp', 'sops-azure', 'sops-transit', 'sops-pgp'] as const;
export type SopsKeyWord = (typeof SOPS_KEY_WORDS)[number];

/** A kind of key: the one name that a line and an entry of a file have to agree on, letter by letter. */
export interface SopsKeyKind {
  /** What sops calls the list of these keys, and what it reads of an entry. */
  readonly list: string;
  readonly fields: readonly string[];
  readonly example: string;
  /** Undefined unless a line says it in full; a wildcard is never accepted. */
  nameOfLine(text: string): string | undefined;
  /** Undefined for an entry that no line can name. @param vault the address of Vault that the step gives */
  nameOfEntry(entry: JsonObject, vault: URL | undefined): string | undefined;
}

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** https://github.com/getsops/sops/blob/v3.13.3/stores/stores.go (the fields of each entry) */
const KINDS: Readonly<Record<SopsKeyWord, SopsKeyKind>> = {
  'sops-kms': {
    list: 'kms',
    fields: ['arn', 'role', 'context', 'created_at', 'enc'],
    example: `sops-kms=${ARN} context=app:shop,env:production`,
    nameOfLine: kmsNameOfLine,
    nameOfEntry: kmsNameOfEntry,
  },
  'sops-gcp': {
    list: 'gcp_kms',
    fields: ['resource_id', 'created_at', 'enc'],
    example: 'sops-gcp=projects/shop-1/locations/europe-west3/keyRings/sops/cryptoKeys/production',
    nameOfLine: googleName,
    nameOfEntry: entry => googleName(entry['resource_id']),
  },
  'sops-azure': {
    list: 'azure_kv',
    fields: ['vault_url', 'name', 'version', 'created_at', 'enc'],
    example: 'sops-azure=shop.vault.azure.net/sops',
    nameOfLine: azureName,
    nameOfEntry: azureNameOfEntry,
  },
  'sops-transit': {
    list: 'hc_vault',
    fields: ['vault_address', 'engine_path', 'key_name', 'created_at', 'enc'],
    example: 'sops-transit=transit/sops',
    nameOfLine: transitName,
    nameOfEntry: transitNameOfEntry,
  },
  'sops-pgp': {
    list: 'pgp',
    fields: ['fp', 'created_at', 'enc'],
    example: 'sops-pgp=0123456789ABCDEF0123456789ABCDEF01234567',
    nameOfLine: pgpName,
    nameOfEntry: entry => pgpName(entry['fp']),
  },
};

export function sopsKeyKind(word: SopsKeyWord): SopsKeyKind {
  return KINDS[word];
}

export function isSopsKeyWord(word: string): word is SopsKeyWord {
  return (SOPS_KEY_WORDS as readonly string[]).includes(word);
}

const GOOGLE =
  /^projects\/(?:[a-z0-9.-]+:)?[a-z0-9-]{1,64}\/locations\/[a-z0-9-]{1,64}\/keyRings\/[\w-]{1,63}\/cryptoKeys\/[\w-]{1,63}$/;

function googleName(text: unknown): string | undefined {
  return typeof text === 'string' && GOOGLE.test(text) ? text : undefined;
}

/** https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates#dns-suffixes-for-object-identifiers */
const AZURE =
  /^[a-z][a-z0-9-]{1,126}\.(?:vault\.azure\.net|vault\.azure\.cn|vault\.usgovcloudapi\.net|managedhsm\.azure\.net|managedhsm\.azure\.cn|managedhsm\.usgovcloudapi\.net)\/[a-z0-9-]{1,127}$/;

/** Azure's names are the same in capitals and small letters. */
function azureName(text: string): string | undefined {
  const name = text.toLowerCase();
  return AZURE.test(name) ? name : undefined;
}

/** A version is a part of the address that sops asks, so it must be one. */
function azureNameOfEntry({ vault_url: url, name, version = '' }: JsonObject): string | undefined {
  if (typeof url !== 'string' || typeof name !== 'string') return undefined;
  if (typeof version !== 'string' || !/^[0-9a-f]{0,64}$/i.test(version)) return undefined;
  const [, host] = /^https:\/\/([A-Za-z0-9.-]+)\/?$/.exec(url) ?? [];
  return host === undefined ? undefined : azureName(`${host}/${name}`);
}

const TRANSIT_SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/;

function transitName(text: string): string | undefined {
  const segments = text.split('/');
  const isPath = segments.length > 1 && segments.every(segment => TRANSIT_SEGMENT.test(segment));
  return isPath ? text : undefined;
}

function transitNameOfEntry(entry: JsonObject, vault: URL | undefined): string | undefined {
  const { vault_address: address, engine_path: engine, key_name: key } = entry;
  if (typeof address !== 'string' || typeof engine !== 'string' || typeof key !== 'string') return undefined;
  if (vault === undefined || key.includes('/') || !isSameAddress(address, vault)) return undefined;
  return transitName(`${engine}/${key}`);
}

function isSameAddress(text: string, vault: URL): boolean {
  const url = URL.parse(text);
  const isPlain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === '';
  return isPlain && `${url.origin}${url.pathname}` === `${vault.origin}${vault.pathname}`;
}

function pgpName(text: unknown): string | undefined {
  return typeof text === 'string' && /^[0-9a-f]{40}$/i.test(text) ? text.toUpperCase() : undefined;
}
