import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceAnswer, ServiceRequest } from '@slipway/cluster';
import {
  type Clock,
  formatDuration,
  type HttpCheck,
  isJsonObject,
  type JsonValue,
  parseDuration,
  parseJsonIfAny,
  parsePointer,
  quote,
  SlipwayError,
  valueAt,
} from '@slipway/core';
import { type CheckOutcome, failedCheck, passed, type RunnableCheck } from '../check-runs/runnable-check.ts';
import { lastLines } from '../evidence/logs.ts';
import type { PodSecrets } from '../evidence/pod-secrets.ts';
import type { CheckCluster } from '../rollout.ts';
import { count, oneLine } from '../text.ts';

const WITHIN = 30_000;
const INTERVAL = 2_000;
const ANSWER_TIMEOUT = 5_000;
const EXPECTED_STATUS = 200;
/** The most bytes of an answer that are read; an endpoint for checks answers with less. */
const MAX_BYTES = 1024 * 1024;

export interface HttpCheckContext {
  readonly client: Pick<CheckCluster, 'askService'>;
  readonly namespace: string;
  readonly clock: Clock;
  /** The secrets of the pods behind the Service, which are masked in their answers. */
  readSecrets(service: string): Promise<PodSecrets>;
}

/** Asks an endpoint until it answers as expected, and does so for long enough. */
export function httpCheck(name: string, check: HttpCheck, context: HttpCheckContext): RunnableCheck {
  return { name, run: (settled, signal) => askUntil(check, context, settled, signal) };
}

async function askUntil(
  check: HttpCheck,
  context: HttpCheckContext,
  settled: Date,
  signal: AbortSignal,
): Promise<CheckOutcome> {
  const [within, interval, duration] = [
    parseDuration(check.within ?? '') ?? WITHIN,
    parseDuration(check.interval ?? '') ?? INTERVAL,
    parseDuration(check.for ?? '') ?? 0,
  ];
  let goodSince: number | undefined;
  for (let asked = 1; ; asked++) {
    const answer = await ask(check, context, signal);
    const now = context.clock().getTime();
    const wrong = wrongIn(check, answer);
    if (wrong !== undefined && now - settled.getTime() >= within)
      return await failure(check, context, answer, `${wrong}, ${askedTimes(asked, now - settled.getTime())}`);
    goodSince = wrong === undefined ? (goodSince ?? now) : undefined;
    if (goodSince !== undefined && now - goodSince >= duration)
      return passed(
        `${describe(check)} answered ${statusOf(answer)}${duration === 0 ? '' : ` for ${formatDuration(duration)}`}`,
      );
    await sleep(interval, undefined, { signal });
  }
}

function askedTimes(asked: number, milliseconds: number): string {
  return `asked ${count(asked, 'time')} in ${formatDuration(milliseconds)}`;
}

type Answer = ServiceAnswer | { readonly unanswered: string };

async function ask(
  check: HttpCheck,
  { client, namespace }: HttpCheckContext,
  signal: AbortSignal,
): Promise<Answer> {
  const timeout = parseDuration(check.timeout ?? '') ?? ANSWER_TIMEOUT;
  try {
    return await client.askService(
      requestOf(check, namespace),
      AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    );
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SlipwayError)
      return { unanswered: `could not be reached: ${oneLine(error.problems[0]?.message ?? error.code)}` };
    if (isTimeout(error)) return { unanswered: `did not answer within ${formatDuration(timeout)}` };
    throw error;
  }
}

/** By its name, as the reason of a signal need not be of the same realm. */
function isTimeout(error: unknown): boolean {
  const { name } = error as { readonly name?: unknown };
  return name === 'TimeoutError' || name === 'AbortError';
}

function requestOf(check: HttpCheck, namespace: string): ServiceRequest {
  const { service, port, scheme = 'http', path = '/', headers = {} } = check;
  return {
    namespace,
    service,
    port: port === undefined ? '' : String(port),
    scheme,
    path,
    headers,
    limitBytes: MAX_BYTES,
  };
}

/** How the answer differs from the expected one, as the end of a sentence about the endpoint. */
function wrongIn(check: HttpCheck, answer: Answer): string | undefined {
  if ('unanswered' in answer) return answer.unanswered;
  const { status = EXPECTED_STATUS, contains, json } = check;
  if (isServers(answer, status, check.service))
    return `could not be reached: the API server answered ${answer.status} in its place`;
  if (answer.status !== status) return `answered ${answer.status}, not ${status}`;
  if (contains !== undefined && !answer.text.includes(contains)) return `answered without ${quote(contains)}`;
  return json === undefined ? undefined : wrongField(json, answer.text);
}

/**
 * Where no endpoint answers, the API server does: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/.
 * An application may answer in that form too, so that an expected status is the server's only where it is about the Service.
 */
function isServers({ status, text }: ServiceAnswer, expected: number, service: string): boolean {
  const body = parseJsonIfAny(text);
  if (!isJsonObject(body) || body['kind'] !== 'Status' || body['apiVersion'] !== 'v1') return false;
  if (status !== expected) return true;
  // A refusal names the Service as the address does: `https:web:443`.
  const named = String(valueAt(body, ['details', 'name']) ?? '')
    .replace(/^https?:/, '')
    .replace(/:[^:]*$/, '');
  const isAboutService = valueAt(body, ['details', 'kind']) === 'services' && named === service;
  const isOfLogin = status === 401 && body['reason'] === 'Unauthorized' && body['details'] === undefined;
  return isAboutService || isOfLogin || OF_THE_PROXY.test(String(body['message']));
}

/**
 * https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/registry/core/service/storage/storage.go,
 * https://github.com/kubernetes/apimachinery/blob/v0.36.3/pkg/util/proxy/upgradeaware.go
 */
const OF_THE_PROXY = /no endpoints available for service|no service port|error trying to reach service/;

function wrongField(expected: NonNullable<HttpCheck['json']>, text: string): string | undefined {
  const value = parseJsonIfAny(text);
  if (value === undefined) return 'did not answer with JSON';
  const wrong = Object.entries(expected).find(([pointer, wanted]) => found(value, pointer) !== wanted);
  if (wrong === undefined) return undefined;
  // The actual value comes from the application: it is shown only in the evidence, where secrets are masked.
  return `answered with a value at ${quote(wrong[0])} other than ${quote(String(wrong[1]))}`;
}

function found(value: JsonValue, pointer: string): JsonValue | undefined {
  return valueAt(value, parsePointer(pointer));
}

function describe({ service, path = '/' }: HttpCheck): string {
  return `GET ${oneLine(path)} of Service ${service}`;
}

function statusOf(answer: Answer): string {
  return 'status' in answer ? String(answer.status) : 'nothing';
}

async function failure(
  check: HttpCheck,
  context: HttpCheckContext,
  answer: Answer,
  wrong: string,
): Promise<CheckOutcome> {
  const lines = 'text' in answer ? await bodyLines(answer, await context.readSecrets(check.service)) : [];
  const evidence =
    lines.length === 0 ? [] : [{ title: `Last answer of ${describe(check)}`, lines: [...lines] }];
  return failedCheck(
    `${describe(check)} ${wrong}`,
    'look at the answer and at the log of the pods',
    evidence,
  );
}

async function bodyLines({ text }: ServiceAnswer, secrets: PodSecrets): Promise<readonly string[]> {
  if ('unreadable' in secrets)
    return [`not shown: the Secrets of its pods cannot be read to mask them (${secrets.unreadable})`];
  const lines = lastLines(text, secrets.forms);
  return lines.length === 0 ? ['an empty body'] : lines;
}
