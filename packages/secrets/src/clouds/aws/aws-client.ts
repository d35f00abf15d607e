import { type JsonObject, quote } from '@slipway/core';
import { type CloudAnswer, cloudError, type RetryRule, type SendToCloud } from '../http/cloud-service.ts';
import { partitionOf } from './aws-path.ts';
import { type AwsCredentials, type SigningScope, signRequest } from './sign-request.ts';

/** A service of AWS in one region. */
export interface AwsService extends SigningScope {
  /** As messages call it. */
  readonly title: string;
}

export interface AwsConnection {
  readonly send: SendToCloud;
  /** Instead of AWS's own. */
  readonly endpoint: URL | undefined;
  readonly now: () => Date;
}

const THROTTLED =
  /Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|BandwidthLimitExceeded|LimitExceededException|PriorRequestNotComplete|SlowDown|InternalServiceError|InternalServerError|InternalFailure|IDPCommunicationError/;

/** The standard mode of AWS's own clients: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
export const AWS_RETRIES: RetryRule = {
  pauses: [1_000, 2_000, 4_000],
  isTransient: answer =>
    [429, 500, 502, 503, 504].includes(answer.status) || THROTTLED.test(errorCodeOf(answer)),
};

/** What AWS calls an error of a service that speaks JSON, or of STS, which speaks XML. */
export function errorCodeOf({ status, headers, body, text }: CloudAnswer): string {
  if (status < 400) return '';
  const type = body['__type'] ?? headers['x-amzn-errortype'];
  const named = typeof type === 'string' ? type : (/<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? '');
  return named.replace(/^.*#/, '').replace(/:.*$/, '');
}

/** The address of a service: the region of a request is that of its line, and of nothing else. */
export function endpointOf({ endpoint }: AwsConnection, service: string, region: string): URL {
  const domain = partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return new URL('/', endpoint ?? `https://${service}.${region}.${domain}`);
}

/**
 * Sends one request to a service that speaks JSON.
 * @param action such as `secretsmanager.GetSecretValue`
 */
export async function callAws(
  connection: AwsConnection,
  service: AwsService,
  credentials: AwsCredentials,
  action: string,
  parameters: JsonObject,
): Promise<CloudAnswer> {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': action };
  return await sendSigned(connection, service, credentials, headers, JSON.stringify(parameters));
}

/** A retry keeps the time of the signature, which AWS takes for five minutes. */
export async function sendSigned(
  connection: AwsConnection,
  service: AwsService,
  credentials: AwsCredentials,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<CloudAnswer> {
  const url = endpointOf(connection, service.service, service.region);
  const signed = await signRequest(url, headers, body, credentials, service, connection.now());
  return await connection.send({ service: service.title, method: 'POST', url, headers: signed, body });
}

const EXPIRED = /^(?:ExpiredToken|ExpiredTokenException|RequestExpired)$/;
const NOT_ACCEPTED =
  /^(?:UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature(?:Exception)?|MissingAuthenticationToken(?:Exception)?|AuthFailure|InvalidAccessKeyId)$/;

/** What refuses every request of a login, whatever it asks for; undefined for all else. */
export function loginProblem(code: string, title: string): Error | undefined {
  if (EXPIRED.test(code))
    return cloudError(
      'cloud-login-refused',
      `${title} says that the credentials of the step have expired`,
      'log in again in this job, just before this step',
    );
  if (!NOT_ACCEPTED.test(code)) return undefined;
  return cloudError(
    'cloud-login-refused',
    `${title} does not accept the credentials of the step (${code})`,
    'check the login, and the clock of the runner, to which signatures are bound',
  );
}

/** Whether an answer says nothing of what was asked, but that the service cannot answer now. */
export function isBusy({ status }: CloudAnswer, code: string): boolean {
  return status === 429 || status >= 500 || THROTTLED.test(code);
}

export function unexpectedFromAws(answer: CloudAnswer, code: string, title: string, what: string): Error {
  const { status } = answer;
  if (status === 429 || /Throttl|TooManyRequests|LimitExceeded/.test(code))
    return cloudError(
      'cloud-unreachable',
      `${title} still throttles requests after several attempts`,
      'run the job again later, or find out what else asks it',
    );
  if (isBusy(answer, code))
    return cloudError(
      'cloud-unreachable',
      `${title} still answers with status ${status} after several attempts`,
      'run the job again later',
    );
  return cloudError(
    'cloud-answer-invalid',
    `${title} answered with status ${status}${/^\w+$/.test(code) ? ` (${code})` : ''} to ${what}`,
    'look into CloudTrail, and run the job again',
  );
}

/** What an answer says it is about: an ARN, and nothing else that a server could send. */
export function aboutArn(arn: string): string {
  return /^arn:[\w:/+=.@-]{1,700}$/.test(arn) ? `is about ${quote(arn)}` : 'does not say what it is about';
}
