import { isJsonObject, type JsonObject, quote, SlipwayError } from '@slipway/core';
import type { ReferenceTo, SecretStore } from '../../store.ts';
import { fieldOf } from '../../values/json-field.ts';
import type { StoredValue } from '../../values/stored-value.ts';
import { LAST_SECOND, textIn, timeIn } from '../http/json-values.ts';
import { parseAzurePath } from './azure-path.ts';
import type { AzureSession } from './azure-session.ts';
import {
  describeSecret,
  isCertificateKey,
  isEmpty,
  isNotCertificate,
  otherAnswer,
  problemOf,
  secretMissing,
  unusable,
  wasDeleted,
} from './vault-problems.ts';

type Reference = ReferenceTo<'azure'> | ReferenceTo<'azure-certificate'>;

/** Secrets of Azure Key Vault, without those that are the private key of a certificate. */
export function keyVaultSecrets(session: AzureSession): SecretStore<ReferenceTo<'azure'>> {
  const storedAt = reading(session, (bundle, path) => {
    if (isOfCertificate(bundle)) throw isCertificateKey(path);
  });
  return {
    async read(reference) {
      const { value } = await storedAt(reference);
      return fieldOf(value, reference.key, describeSecret(reference.path));
    },
    versionOf: async reference => (await storedAt(reference)).version,
  };
}

/** Certificates of Azure Key Vault with their private keys, which it has as secrets of the same names. */
export function keyVaultCertificates(session: AzureSession): SecretStore<ReferenceTo<'azure-certificate'>> {
  const storedAt = reading(session, (bundle, path) => {
    if (!isOfCertificate(bundle)) throw isNotCertificate(path);
  });
  return {
    read: async reference => (await storedAt(reference)).value,
    versionOf: async reference => (await storedAt(reference)).version,
  };
}

/** Each secret is asked for once; a vault has no request for several. */
function reading(session: AzureSession, check: (bundle: JsonObject, path: string) => void) {
  const known = new Map<string, Promise<StoredValue>>();
  const readOne = async (path: string, version: string): Promise<StoredValue> => {
    const bundle = await askFor(session, path, version);
    checkIdentifier(bundle, path, version);
    check(bundle, path);
    checkTimes(bundle, path, session.now());
    return storedIn(bundle, path);
  };
  return ({ path, version = '' }: Reference): Promise<StoredValue> => {
    const key = `${path}/${version}`;
    const asked = known.get(key) ?? readOne(path, version);
    known.set(key, asked);
    return asked;
  };
}

/** https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
async function askFor(session: AzureSession, path: string, version: string): Promise<JsonObject> {
  const { host, name } = parseAzurePath(path);
  const answer = await session.get(host, `/secrets/${name}${version === '' ? '' : `/${version}`}`);
  if (answer.status === 200) return answer.body;
  if (answer.status !== 404) throw problemOf(path, answer);
  // Azure says the same of both, and whoever may read a secret may often read that it was deleted.
  const deleted = await session.get(host, `/deletedsecrets/${name}`).catch(unlessCancelled);
  throw deleted?.status === 200 ? wasDeleted(path) : secretMissing(path, version);
}

/** That a secret is missing is known, whether or not the vault says more. */
function unlessCancelled(error: unknown): undefined {
  if (!(error instanceof SlipwayError)) throw error;
}

/** Names are the same in capitals and small letters for Azure. */
function checkIdentifier(bundle: JsonObject, path: string, version: string): void {
  const { host, name } = parseAzurePath(path);
  const [, said, found] = /^https:\/\/([a-z0-9./-]+)\/([0-9a-f]{32})$/i.exec(textIn(bundle, 'id')) ?? [];
  if (said === undefined || found === undefined) throw otherAnswer(path, 'does not say what it is about');
  if (said.toLowerCase() !== `${host}/secrets/${name}`.toLowerCase())
    throw otherAnswer(path, `is about ${quote(said)}`);
  if (version !== '' && found.toLowerCase() !== version) throw otherAnswer(path, 'is another version');
}

const CERTIFICATE = /^application\/x-(?:pkcs12|pem-file)\b/i;

/** A managed secret that has no key is the one of a storage account. */
function isOfCertificate(bundle: JsonObject): boolean {
  const { kid, managed } = bundle;
  return (
    (typeof kid === 'string' && kid !== '') ||
    managed === true ||
    CERTIFICATE.test(textIn(bundle, 'contentType'))
  );
}

/** Azure answers with a secret also before and after the times that it is valid between. */
function checkTimes(bundle: JsonObject, path: string, now: Date): void {
  const attributes = attributesOf(bundle);
  const [from, until] = ['nbf', 'exp'].map(name => secondsIn(attributes, name, path));
  const at = now.getTime() / 1_000;
  if (attributes['enabled'] === false) throw unusable(path, 'is disabled');
  if (from !== undefined && from > at) throw unusable(path, `is not valid before ${timeOf(from)}`);
  if (until !== undefined && until <= at) throw unusable(path, `was valid until ${timeOf(until)}`);
}

/** Seconds since 1970, whichever year that is; undefined where there is no such limit. */
function secondsIn(attributes: JsonObject, name: string, path: string): number | undefined {
  const value = attributes[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'bigint') return Number(value);
  throw otherAnswer(path, `has a time "${name}" that is not a number`);
}

function timeOf(seconds: number): string {
  return Math.abs(seconds) < LAST_SECOND ? new Date(seconds * 1_000).toISOString() : `second ${seconds}`;
}

function attributesOf({ attributes }: JsonObject): JsonObject {
  return attributes !== undefined && isJsonObject(attributes) ? attributes : {};
}

function storedIn(bundle: JsonObject, path: string): StoredValue {
  const { value } = bundle;
  if (typeof value !== 'string') throw otherAnswer(path, 'has no value');
  if (value === '') throw isEmpty(path);
  const id = textIn(bundle, 'id').split('/').at(-1) ?? '';
  const since = timeIn(attributesOf(bundle), 'created');
  return { value: Buffer.from(value, 'utf8'), version: { id, ...(since === undefined ? {} : { since }) } };
}
