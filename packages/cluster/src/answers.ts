import { types } from 'node:util';
import {
  excerpt,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJsonIfAny,
  SlipwayError,
} from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';
import { remedyForRefusal } from './refusal-remedies.ts';
import { isCertificateProblem } from './retry.ts';
import type { HttpAnswer } from './transport.ts';
import { unusable } from './unusable.ts';

const MAX_MESSAGE_LENGTH = 600;

/**
 * The JSON of a successful answer.
 * @throws SlipwayError for any other answer, as `answerError` explains it
 */
export function readAnswer(answer: HttpAnswer, what: string): JsonObject {
  if (answer.status >= 300 || answer.status < 200) throw answerError(answer, what);
  const value = parseJsonIfAny(answer.text);
  if (!isJsonObject(value)) throw requestRefused(what, 'its answer is not JSON');
  return value;
}

/**
 * The error that an answer of the API server means.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export function answerError(answer: HttpAnswer, what: string): SlipwayError<ClusterErrorCode> {
  const status = parseJsonIfAny(answer.text);
  const text = isJsonObject(status) && typeof status['message'] === 'string' ? status['message'] : '';
  const reason = isJsonObject(status) ? status['reason'] : undefined;
  const message = excerpt(withoutContent(text, what), MAX_MESSAGE_LENGTH) || `HTTP status ${answer.status}`;
  switch (answer.status) {
    case 401:
      return clusterError(
        'cluster-unauthorized',
        `${what}: the API server does not accept the credentials`,
        'renew them',
      );
    case 403:
      if (text.includes('User "system:anonymous" cannot '))
        return clusterError(
          'cluster-unauthorized',
          `${what}: the API server treats the request as anonymous`,
          'check the user in the kubeconfig',
        );
      // Admission answers 403 too, and more rights would not change a quota or a pod security level.
      return /^[^"]*User "[^"]*" cannot |cannot [a-z]+ resource/.test(text)
        ? clusterError(
            'cluster-forbidden',
            `${what}: ${message}`,
            'grant the Role that the README of deploy shows',
          )
        : requestRefused(what, message);
    case 404:
      return clusterError('cluster-not-found', `${what}: ${message}`);
    case 409:
      return conflictError(what, message, status, reason);
    case 410:
      return clusterError('cluster-expired', `${what}: ${message}`);
    default:
      return requestRefused(what, message);
  }
}

const ABOUT_SECRET = /^[a-z]+ Secret\b/;

/**
 * The message of a policy or webhook about a Secret, reduced to the name of the policy or webhook: it may repeat what the Secret
 * contains or contained, encoded or cut in ways that no mask would find. So may one that breaks down, whose answer the server quotes.
 */
function withoutContent(text: string, what: string): string {
  return ABOUT_SECRET.test(what)
    ? text
        .replace(
          /(denied (?:the )?request|Internal error occurred(?:: failed calling webhook "[^"]*")?|an error on the server)[^a-z].*/s,
          '$1; the reason is not shown, because it is about a Secret',
        )
        // Server-side apply quotes what has another type than the field.
        .replace(/(: expected [^:]*?, got ).*/s, '$1something else')
    : text;
}

function conflictError(what: string, message: string, status: JsonValue | undefined, reason: unknown) {
  if (reason === 'AlreadyExists') return clusterError('cluster-exists', `${what}: it already exists`);
  const managers = conflictingManagers(status);
  if (managers.length === 0) return clusterError('cluster-conflict', `${what}: ${message}`, 'run again');
  return clusterError(
    'cluster-field-conflict',
    `${what}: ${managers.map(text => excerpt(text, 200)).join(', ')}`,
    'leave the fields to them, or set force-conflicts',
  );
}

/** `.spec.replicas belongs to "kubectl"`, for each field that server-side apply would take from another manager. */
function conflictingManagers(status: JsonValue | undefined): string[] {
  const details = isJsonObject(status) ? status['details'] : undefined;
  const causes = isJsonObject(details) && Array.isArray(details['causes']) ? details['causes'] : [];
  return causes.flatMap((cause: JsonValue) => {
    if (!isJsonObject(cause) || cause['reason'] !== 'FieldManagerConflict') return [];
    const manager = /conflict with (".*?(?<!\\)")/.exec(String(cause['message']))?.[1] ?? 'another manager';
    return [`${String(cause['field'])} belongs to ${manager}`];
  });
}

/** The SlipwayError for a request that got no answer. Errors that already are one, and the abort of the run, are returned as they are. */
export function connectionError(error: unknown, server: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof SlipwayError || !types.isNativeError(error)) return error;
  if (isCertificateProblem(error))
    return clusterError(
      'cluster-unreachable',
      `the certificate of ${server} is not trusted (${excerpt(error.message, MAX_MESSAGE_LENGTH)})`,
      'set certificate-authority-data of the cluster in the kubeconfig',
      error,
    );
  return (
    unusable(error) ??
    clusterError(
      'cluster-unreachable',
      `the API server ${server} does not answer (${excerpt(error.message, MAX_MESSAGE_LENGTH)})`,
      'check the address in the kubeconfig and that this runner can reach it',
      error,
    )
  );
}

/** What the server says no to, or answers with something else than what was asked for; with what to do where that is known. */
export function requestRefused(what: string, message: string): SlipwayError<ClusterErrorCode> {
  return clusterError(
    'cluster-refused',
    `${what}: the API server refused: ${message}`,
    remedyForRefusal(message),
  );
}

function clusterError(
  code: ClusterErrorCode,
  message: string,
  remedy?: string,
  cause?: unknown,
): SlipwayError<ClusterErrorCode> {
  return new SlipwayError(remedy === undefined ? { code, message } : { code, message, remedy }, { cause });
}
