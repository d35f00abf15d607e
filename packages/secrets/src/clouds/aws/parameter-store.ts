import { isJsonObject, type JsonObject, quote } from '@slipway/core';
import type { ReferenceTo, SecretStore } from '../../store.ts';
import { fieldOf } from '../../values/json-field.ts';
import type { StoredValue } from '../../values/stored-value.ts';
import { askedTogether, type Outcome } from '../http/asked-together.ts';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { textIn, timeIn } from '../http/json-values.ts';
import { aboutArn, callAws, errorCodeOf, loginProblem, unexpectedFromAws } from './aws-client.ts';
import { isOfAws, parseAwsPath, partitionOf } from './aws-path.ts';
import type { AwsSession } from './aws-session.ts';

type Reference = ReferenceTo<'aws-ssm'>;

const TITLE = 'AWS Parameter Store';
/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const MOST_AT_ONCE = 10;

/** AWS Systems Manager's Parameter Store. Parameters of one account and region are asked for ten at a time, each once. */
export function parameterStore(session: AwsSession): SecretStore<Reference> {
  const places = new Map<string, (key: string) => Promise<StoredValue>>();
  const storedAt = async ({ path, version }: Reference): Promise<StoredValue> => {
    if (isOfAws(parseAwsPath(path).name)) throw reserved(path);
    const place = path.split('/', 2).join('/');
    const key = version === undefined ? path : `${path}:${version}`;
    // An answer about one parameter in two versions would have its name twice.
    const group = version === undefined ? place : key;
    const asked =
      places.get(group) ??
      askedTogether(MOST_AT_ONCE, async keys => await readTogether(session, place, keys));
    places.set(group, asked);
    return await asked(key);
  };
  return {
    async read(reference) {
      const { value } = await storedAt(reference);
      return fieldOf(value, reference.key, describe(reference.path));
    },
    versionOf: async reference => (await storedAt(reference)).version,
  };
}

/** A path with what follows a colon, its version or label. */
function partsOf(key: string): { readonly path: string; readonly selector: string } {
  const [path = '', version] = key.split(':');
  return { path, selector: version === undefined ? '' : `:${version}` };
}

/** A name in a hierarchy begins with a slash; one without a hierarchy has none. */
function askedName(key: string): string {
  const { path, selector } = partsOf(key);
  const { name } = parseAwsPath(path);
  return `${name.includes('/') ? '/' : ''}${name}${selector}`;
}

/** AWS refuses all of a request if one of its parameters may not be read, or decrypted; then each is asked for. */
async function readTogether(
  session: AwsSession,
  place: string,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Outcome<StoredValue>>> {
  const { region } = parseAwsPath(place);
  const credentials = await session.credentialsFor(place);
  const service = { title: TITLE, service: 'ssm', region };
  const parameters = { Names: keys.map(askedName), WithDecryption: true };
  const answer = await callAws(
    session.connection,
    service,
    credentials,
    'AmazonSSM.GetParameters',
    parameters,
  );
  if (answer.status === 200) return new Map(keys.map(key => [key, outcomeOf(answer.body, key)]));
  const [only = '', ...others] = keys;
  const code = errorCodeOf(answer);
  if (others.length === 0) throw problemOf(partsOf(only).path, code, textIn(answer.body, 'message'), answer);
  const login = loginProblem(code, TITLE);
  if (login !== undefined) throw login;
  const alone = keys.map(async key => {
    const found = await readTogether(session, place, [key]).catch(
      (error: unknown) => new Map([[key, { error }]]),
    );
    return [...found];
  });
  return new Map((await Promise.all(alone)).flat());
}

function outcomeOf(body: JsonObject, key: string): Outcome<StoredValue> {
  try {
    return { value: valueIn(body, key) };
  } catch (error) {
    return { error };
  }
}

function valueIn(body: JsonObject, key: string): StoredValue {
  const { path, selector } = partsOf(key);
  const { account, region, name } = parseAwsPath(path);
  const invalid = body['InvalidParameters'];
  if (Array.isArray(invalid) && invalid.includes(askedName(key))) throw missing(path, selector);
  const list = body['Parameters'];
  const wanted = askedName(path);
  const found = (Array.isArray(list) ? list : [])
    .filter(isJsonObject)
    .find(one => textIn(one, 'Name') === wanted);
  if (found === undefined) throw otherAnswer(path, 'does not have it');
  if (!isVersion(found, selector))
    throw otherAnswer(path, 'is another version than the one that was asked for');
  const arn = `arn:${partitionOf(region)}:ssm:${region}:${account}:parameter/${name}`;
  if (textIn(found, 'ARN') !== arn) throw otherAnswer(path, aboutArn(textIn(found, 'ARN')));
  const { Value: value, Version: version } = found;
  if (typeof value !== 'string') throw otherAnswer(path, 'has no value');
  const since = timeIn(found, 'LastModifiedDate');
  const known =
    version === undefined ? undefined : { id: String(version), ...(since === undefined ? {} : { since }) };
  return { value: Buffer.from(value, 'utf8'), version: known };
}

/**
 * AWS repeats a version or label that was asked for: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html
 * A number is told by the version too, and a label by nothing else.
 */
function isVersion(found: JsonObject, selector: string): boolean {
  const repeated = textIn(found, 'Selector');
  if (/^:\d+$/.test(selector))
    return selector === `:${String(found['Version'])}` && ['', selector].includes(repeated);
  return repeated === selector;
}

function describe(path: string): string {
  return `the parameter ${quote(path)} of ${TITLE}`;
}

function reserved(path: string): Error {
  return cloudError(
    'cloud-forbidden',
    `${describe(path)} is below "/aws", where Parameter Store reads other services`,
    'use from: aws for a secret of Secrets Manager',
  );
}

function missing(path: string, selector: string): Error {
  return cloudError(
    'secret-missing',
    `${TITLE} has no parameter ${quote(path)}${selector === '' ? '' : ` with the version or label ${quote(selector.slice(1))}`}`,
    'fix this entry, or create the parameter; a name with slashes begins with one there, and another has none',
  );
}

function otherAnswer(path: string, what: string): Error {
  return cloudError(
    'cloud-answer-invalid',
    `what ${TITLE} answered for ${quote(path)} ${what}`,
    'check the name of this entry, and what is between the runner and AWS',
  );
}

function problemOf(path: string, code: string, said: string, answer: CloudAnswer): Error {
  if (/^(?:InvalidKeyId|KMS)/.test(code) || (/^AccessDenied/.test(code) && /kms/i.test(said)))
    return cloudError(
      'cloud-key-unusable',
      `the KMS key of ${describe(path)} cannot be used`,
      'enable the key, and allow the identity of the step kms:Decrypt in its policy',
    );
  if (/^AccessDenied/.test(code)) {
    const { account, region, name } = parseAwsPath(path);
    return cloudError(
      'cloud-forbidden',
      `the identity of the step may not read ${describe(path)}`,
      `allow it ssm:GetParameters for arn:${partitionOf(region)}:ssm:${region}:${account}:parameter/${name}`,
    );
  }
  return loginProblem(code, TITLE) ?? unexpectedFromAws(answer, code, TITLE, `reading ${quote(path)}`);
}
