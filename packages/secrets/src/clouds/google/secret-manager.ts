import { isJsonObject, type JsonObject, quote } from '@slipway/core';
import type { ReferenceTo, SecretStore } from '../../store.ts';
import { fieldOf } from '../../values/json-field.ts';
import type { StoredValue } from '../../values/stored-value.ts';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { bytesOfBase64, textIn } from '../http/json-values.ts';
import { crc32c } from './crc32c.ts';
import { errorOf, googleUrl, unexpectedFromGoogle } from './google-client.ts';
import { isProjectNumber, parseGooglePath, secretResource } from './google-path.ts';
import type { GoogleSession } from './google-session.ts';

type Reference = ReferenceTo<'gcp'>;

const TITLE = 'Google Secret Manager';
const NEWEST = 'latest';

/** Google Secret Manager. It has no request for several secrets, so each version is one, and is asked for once. */
export function googleSecretManager(session: GoogleSession): SecretStore<Reference> {
  const known = new Map<string, Promise<StoredValue>>();
  const storedAt = ({ path, version = NEWEST }: Reference): Promise<StoredValue> => {
    const key = `${path} ${version}`;
    const reading = known.get(key) ?? readOne(session, path, version);
    known.set(key, reading);
    return reading;
  };
  return {
    async read(reference) {
      const { value } = await storedAt(reference);
      return fieldOf(value, reference.key, describe(reference.path));
    },
    versionOf: async reference => (await storedAt(reference)).version,
  };
}

/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access */
async function readOne(session: GoogleSession, path: string, version: string): Promise<StoredValue> {
  const parsed = parseGooglePath(path);
  const { location } = parsed;
  const host = location === '' ? 'secretmanager' : `secretmanager.${location}.rep`;
  const answer = await session.connection.send({
    service: TITLE,
    method: 'GET',
    url: googleUrl(
      session.connection,
      `${host}.googleapis.com`,
      `/v1/${secretResource(parsed)}/versions/${version}:access`,
    ),
    headers: { authorization: `Bearer ${await session.token()}` },
  });
  if (answer.status !== 200) throw problemOf(path, version, answer);
  return valueIn(session, answer.body, path, version);
}

/** What is stored, if the answer is about the secret of the line and no other, and is whole. */
function valueIn(session: GoogleSession, body: JsonObject, path: string, version: string): StoredValue {
  const id = versionIn(session, textIn(body, 'name'), path, version);
  const payload = isJsonObject(body['payload']) ? body['payload'] : {};
  const value = bytesOfBase64(textIn(payload, 'data'));
  if (value === undefined) throw otherAnswer(path, 'has no value');
  const sum = payload['dataCrc32c'];
  if (sum !== undefined && String(sum) !== String(crc32c(value)))
    throw otherAnswer(path, 'does not have the checksum that it comes with');
  return { value, version: { id } };
}

const ANSWERED = /^projects\/([^/]+)(?:\/locations\/([^/]+))?\/secrets\/([^/]+)\/versions\/(\d+)$/;

/** Google answers with the number of a project, whichever of its two names was asked for. */
function versionIn(session: GoogleSession, resource: string, path: string, wanted: string): string {
  const { project, location, name } = parseGooglePath(path);
  const [, answeredProject = '', answeredLocation = '', answeredName, id = ''] =
    ANSWERED.exec(resource) ?? [];
  if (id === '') throw otherAnswer(path, 'does not say what it is about');
  if (answeredName !== name || answeredLocation !== location || !session.isProject(project, answeredProject))
    throw otherAnswer(path, `is about ${quote(resource)}`);
  if (isProjectNumber(wanted) && id !== wanted) throw otherAnswer(path, `is about version ${id}`);
  return id;
}

function describe(path: string): string {
  return `the secret ${quote(path)} of ${TITLE}`;
}

function describeVersion(path: string, version: string): string {
  return version === NEWEST
    ? `the newest version of ${describe(path)}`
    : `version ${quote(version)} of ${describe(path)}`;
}

function otherAnswer(path: string, what: string): Error {
  return cloudError(
    'cloud-answer-invalid',
    `what ${TITLE} answered for ${quote(path)} ${what}`,
    'check the name of this entry, and what is between the runner and Google Cloud',
  );
}

/** What Google says is looked into and never repeated. */
function problemOf(path: string, version: string, answer: CloudAnswer): Error {
  const { status, reason, said } = errorOf(answer);
  if (status === 'NOT_FOUND') return missing(path, version);
  if (status === 'INVALID_ARGUMENT' && version !== NEWEST) return missing(path, version);
  if (status === 'UNAUTHENTICATED' || answer.status === 401)
    return cloudError(
      'cloud-login-refused',
      `${TITLE} does not accept the token of the step, which has expired or was revoked`,
      'log in again in this job, just before this step',
    );
  if (status === 'FAILED_PRECONDITION' && STATE.test(said)) return withdrawn(path, version, said);
  if (isAboutKey(said) && /^(?:FAILED_PRECONDITION|PERMISSION_DENIED)$/.test(status))
    return cloudError(
      'cloud-key-unusable',
      `the KMS key of ${describe(path)} cannot be used`,
      "enable the key, and grant roles/cloudkms.cryptoKeyEncrypterDecrypter on it to Secret Manager's service agent",
    );
  if (status === 'PERMISSION_DENIED') return forbidden(path, reason);
  return unexpectedFromGoogle(answer, reason || status, TITLE, `reading ${quote(path)}`);
}

/** A right to a key, or a key: no name of a secret has a dot or a slash. */
function isAboutKey(said: string): boolean {
  return /\bcloudkms\.|keyRings\/[^/]+\/cryptoKeys\/|Cloud KMS/.test(said);
}

const STATE = /^Secret ?Version \[[^\]]*\] is in (DISABLED|DESTROYED) state/i;

function withdrawn(path: string, version: string, said: string): Error {
  const isDisabled = STATE.exec(said)?.[1] === 'DISABLED';
  return cloudError(
    'secret-missing',
    `${describeVersion(path, version)} is ${isDisabled ? 'disabled' : 'destroyed'}`,
    `${isDisabled ? 'enable it, ' : ''}add a version, or name another one in "version" of this entry`,
  );
}

function missing(path: string, version: string): Error {
  return cloudError(
    'secret-missing',
    version === NEWEST
      ? `${TITLE} has no secret ${quote(path)} with a version`
      : `${TITLE} has no version ${quote(version)} of a secret ${quote(path)}`,
    version === NEWEST
      ? 'fix "path" of this entry, or create the secret with a version; one that is kept in a location is written with it'
      : 'fix "version" or "path" of this entry',
  );
}

/** Google does not tell a secret that does not exist from one that may not be read, unless the identity may list them. */
function forbidden(path: string, reason: string): Error {
  const { project, name } = parseGooglePath(path);
  if (reason === 'SERVICE_DISABLED')
    return cloudError(
      'cloud-forbidden',
      `the project ${quote(project)} does not use Secret Manager`,
      'enable secretmanager.googleapis.com in it, or fix the project of this entry',
    );
  if (reason === 'CONSUMER_INVALID')
    return cloudError(
      'cloud-forbidden',
      `Google Cloud has no project ${quote(project)} that can be asked`,
      'fix the project of this entry, and of the line of "secrets"',
    );
  if (reason === 'BILLING_DISABLED')
    return cloudError(
      'cloud-forbidden',
      `the project ${quote(project)} has no billing account, without which its secrets are not read`,
      'enable billing for it, or fix the project of this entry',
    );
  if (reason === 'SECURITY_POLICY_VIOLATED')
    return cloudError(
      'cloud-forbidden',
      `a perimeter of VPC Service Controls keeps the step from ${describe(path)}`,
      'add an ingress rule for the identity of the step, or run on a runner within the perimeter',
    );
  return cloudError(
    'cloud-forbidden',
    `the identity of the step may not read ${describe(path)}, or it does not exist`,
    `grant it roles/secretmanager.secretAccessor on the secret ${name}, and on nothing else`,
  );
}
