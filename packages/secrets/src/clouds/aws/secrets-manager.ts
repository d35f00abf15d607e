import { isJsonObject, type JsonObject, quote } from '@slipway/core';
import type { ReferenceTo, SecretStore } from '../../store.ts';
import { fieldOf } from '../../values/json-field.ts';
import type { StoredValue } from '../../values/stored-value.ts';
import { askedTogether, type Outcome } from '../http/asked-together.ts';
import { type CloudAnswer, cloudError } from '../http/cloud-service.ts';
import { bytesOfBase64, textIn, timeIn } from '../http/json-values.ts';
import { aboutArn, callAws, errorCodeOf, loginProblem, unexpectedFromAws } from './aws-client.ts';
import { type AwsPath, parseAwsPath, partitionOf } from './aws-path.ts';
import type { AwsSession } from './aws-session.ts';

type Reference = ReferenceTo<'aws'>;

const TITLE = 'AWS Secrets Manager';
/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html */
const MOST_AT_ONCE = 20;

/** AWS Secrets Manager. Current versions are asked for together, others one by one; each once. */
export function secretsManager(session: AwsSession): SecretStore<Reference> {
  const single = once((path, selector) => readOne(session, path, selector));
  const together = onceByRegion(place =>
    askedTogether(
      MOST_AT_ONCE,
      async paths => await readTogether(session, place, paths, path => single(path, {})),
    ),
  );
  const storedAt = ({ path, version, stage }: Reference): Promise<StoredValue> => {
    if (version !== undefined || stage !== undefined)
      return single(path, {
        ...(version ? { VersionId: version } : {}),
        ...(stage ? { VersionStage: stage } : {}),
      });
    return together(regionOf(path))(path);
  };
  return {
    async read(reference) {
      const { value } = await storedAt(reference);
      return fieldOf(value, reference.key, describe(reference.path));
    },
    versionOf: async reference => (await storedAt(reference)).version,
  };
}

/** The account and the region, of which one request has one. */
function regionOf(path: string): string {
  return path.split('/', 2).join('/');
}

function onceByRegion<Result>(make: (place: string) => Result): (place: string) => Result {
  const known = new Map<string, Result>();
  return place => {
    const made = known.get(place) ?? make(place);
    known.set(place, made);
    return made;
  };
}

type Selector = Readonly<Record<string, string>>;

function once(read: (path: string, selector: Selector) => Promise<StoredValue>) {
  const known = new Map<string, Promise<StoredValue>>();
  return (path: string, selector: Selector): Promise<StoredValue> => {
    const key = JSON.stringify([path, selector]);
    const reading = known.get(key) ?? read(path, selector);
    known.set(key, reading);
    return reading;
  };
}

async function ask(
  session: AwsSession,
  path: string,
  action: string,
  parameters: JsonObject,
): Promise<CloudAnswer> {
  const credentials = await session.credentialsFor(path);
  const service = { title: TITLE, service: 'secretsmanager', region: parseAwsPath(path).region };
  return await callAws(session.connection, service, credentials, `secretsmanager.${action}`, parameters);
}

async function readOne(session: AwsSession, path: string, selector: Selector): Promise<StoredValue> {
  const answer = await ask(session, path, 'GetSecretValue', {
    SecretId: parseAwsPath(path).name,
    ...selector,
  });
  if (answer.status !== 200)
    throw problemOf(
      path,
      errorCodeOf(answer),
      textIn(answer.body, 'message') || textIn(answer.body, 'Message'),
      answer,
      Object.keys(selector).length > 0,
    );
  return valueIn(answer.body, path, selector);
}

/** Whoever may read each of them may not always read several at once; then each is asked for. */
async function readTogether(
  session: AwsSession,
  place: string,
  paths: readonly string[],
  single: (path: string) => Promise<StoredValue>,
): Promise<ReadonlyMap<string, Outcome<StoredValue>>> {
  if (paths.length === 1) return await eachAlone(paths, single);
  const outcomes = new Map<string, Outcome<StoredValue>>();
  const names = paths.map(path => parseAwsPath(path).name);
  let token = '';
  // A page has one secret at least.
  for (let page = 0; page < paths.length; page++) {
    const next = token === '' ? {} : { NextToken: token };
    const answer = await ask(session, paths[0] ?? '', 'BatchGetSecretValue', {
      SecretIdList: names,
      ...next,
    });
    const code = errorCodeOf(answer);
    if (/^(?:AccessDenied|UnknownOperation)/.test(code)) return await eachAlone(paths, single);
    if (answer.status !== 200)
      throw (
        loginProblem(code, TITLE) ?? unexpectedFromAws(answer, code, TITLE, `reading secrets of ${place}`)
      );
    for (const value of objectsIn(answer.body, 'SecretValues'))
      keep(outcomes, `${place}/${textIn(value, 'Name')}`, value);
    for (const error of objectsIn(answer.body, 'Errors')) {
      const path = `${place}/${textIn(error, 'SecretId')}`;
      outcomes.set(path, {
        error: problemOf(path, textIn(error, 'ErrorCode'), textIn(error, 'Message'), answer),
      });
    }
    token = textIn(answer.body, 'NextToken');
    if (token === '') break;
  }
  for (const path of paths)
    if (!outcomes.has(path)) outcomes.set(path, { error: otherAnswer(path, 'does not have it') });
  return outcomes;
}

function keep(outcomes: Map<string, Outcome<StoredValue>>, path: string, value: JsonObject): void {
  try {
    outcomes.set(path, { value: valueIn(value, path, {}) });
  } catch (error) {
    outcomes.set(path, { error });
  }
}

async function eachAlone(
  paths: readonly string[],
  single: (path: string) => Promise<StoredValue>,
): Promise<ReadonlyMap<string, Outcome<StoredValue>>> {
  const read = async (path: string) =>
    await single(path).then(
      value => ({ value }),
      (error: unknown) => ({ error }),
    );
  return new Map(await Promise.all(paths.map(async path => [path, await read(path)] as const)));
}

function objectsIn(body: JsonObject, name: string): JsonObject[] {
  const list = body[name];
  return Array.isArray(list) ? list.filter(isJsonObject) : [];
}

/** What is stored, if the answer is about the secret of the line and no other. */
function valueIn(body: JsonObject, path: string, selector: Selector): StoredValue {
  if (!isArnOf(textIn(body, 'ARN'), parseAwsPath(path)) || textIn(body, 'Name') !== parseAwsPath(path).name)
    throw otherAnswer(path, aboutArn(textIn(body, 'ARN')));
  const [text, binary, id] = [body['SecretString'], body['SecretBinary'], textIn(body, 'VersionId')];
  if (!isSelected(body, selector))
    throw otherAnswer(path, 'is another version than the one that was asked for');
  const since = timeIn(body, 'CreatedDate');
  const version = id === '' ? undefined : { id, ...(since === undefined ? {} : { since }) };
  if (typeof text === 'string') return { value: Buffer.from(text, 'utf8'), version };
  const bytes = typeof binary === 'string' ? bytesOfBase64(binary) : undefined;
  if (bytes === undefined) throw otherAnswer(path, 'has no value, or one that is not base64');
  return { value: bytes, version };
}

const CURRENT = 'AWSCURRENT';

/** AWS says which version it answers with, and which stages that has now; without a version and a stage it is the current one. */
function isSelected(body: JsonObject, { VersionId: id, VersionStage: asked }: Selector): boolean {
  const stage = asked ?? (id === undefined ? CURRENT : undefined);
  const stages = body['VersionStages'];
  const hasStage = stage === undefined || (Array.isArray(stages) && stages.includes(stage));
  return hasStage && (id === undefined || textIn(body, 'VersionId') === id);
}

/** AWS adds a hyphen and six characters to a name: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html */
function isArnOf(arn: string, { account, region, name }: AwsPath): boolean {
  const prefix = `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${name}-`;
  return arn.startsWith(prefix) && /^[A-Za-z0-9]{6}$/.test(arn.slice(prefix.length));
}

function describe(path: string): string {
  return `the secret ${quote(path)} of ${TITLE}`;
}

function otherAnswer(path: string, what: string): Error {
  return cloudError(
    'cloud-answer-invalid',
    `what ${TITLE} answered for ${quote(path)} ${what}`,
    'check the name of this entry, and what is between the runner and AWS',
  );
}

/** What AWS says is looked into and never repeated. */
function problemOf(path: string, code: string, said: string, answer: CloudAnswer, isSelected = false): Error {
  if (/^ResourceNotFound/.test(code) && !isSelected && /staging label/i.test(said))
    return cloudError(
      'secret-missing',
      `${describe(path)} has no current value`,
      'store one with `aws secretsmanager put-secret-value`, or name a version or a stage in this entry',
    );
  if (isSelected && /^(?:InvalidParameter|Validation)/.test(code))
    return cloudError(
      'secret-missing',
      `${TITLE} does not take the version or the stage of ${quote(path)}`,
      'write the ID of a version in full, 32 to 64 characters, or a staging label, or leave both out',
    );
  if (/^ResourceNotFound/.test(code)) {
    return cloudError(
      'secret-missing',
      `${TITLE} has no secret ${quote(path)}${isSelected ? ' with this version or stage' : ''}`,
      `fix ${isSelected ? '"version" or "stage"' : '"path"'} of this entry, or create the secret`,
    );
  }
  if (/^InvalidRequest/.test(code) && /delet/i.test(said))
    return cloudError(
      'secret-missing',
      `${describe(path)} was deleted`,
      'restore it with `aws secretsmanager restore-secret`, or create another one',
    );
  if (/^(?:DecryptionFailure|KMS)/.test(code) || (/^AccessDenied/.test(code) && /kms/i.test(said)))
    return cloudError(
      'cloud-key-unusable',
      `the KMS key of ${describe(path)} cannot be used`,
      'enable the key, and allow the identity of the step kms:Decrypt in its policy',
    );
  if (/^AccessDenied/.test(code))
    return cloudError(
      'cloud-forbidden',
      `the identity of the step may not read ${describe(path)}`,
      `allow it secretsmanager:GetSecretValue for arn:${arnPattern(path)}`,
    );
  return loginProblem(code, TITLE) ?? unexpectedFromAws(answer, code, TITLE, `reading ${quote(path)}`);
}

function arnPattern(path: string): string {
  const { account, region, name } = parseAwsPath(path);
  return `${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${name}-??????`;
}
