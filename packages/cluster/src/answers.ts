import { types } from 'node:util';
import {
  excerpt,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  SlipwayError,
} from '@slipway/core';
import type { ClusterErrorCode } from './error-codes.ts';
import { isCertificateProblem } from './retry.ts';
import type { HttpAnswer } from './transport.ts';

const MAX_MESSAGE_LENGTH = 600;

/** The JSON of a good answer. @throws SlipwayError for every other one */
export function readAnswer(answer: HttpAnswer, what: string): JsonObject {
  if (answer.status >= 300 || answer.status < 200) throw answerError(answer, what);
  const value = jsonOf(answer.text);
  if (!isJsonObject(value)) throw refused(what, 'its answer is not JSON');
  return value;
}

/** What an answer of the API server means, https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export function answerError(answer: HttpAnswer, what: string): SlipwayError<ClusterErrorCode> {
  const status = jsonOf(answer.text);
  const told = isJsonObject(status) && typeof status['message'] === 'string' ? status['message'] : '';
  const reason = isJsonObject(status) ? status['reason'] : undefined;
  const message = excerpt(withoutContent(told, what), MAX_MESSAGE_LENGTH) || `HTTP status ${answer.status}`;
  switch (answer.status) {
    case 401:
      return problem(
        'cluster-unauthorized',
        `${what}: the API server does not accept the credentials`,
        'renew them',
      );
    case 403:
      if (told.includes('User "system:anonymous" cannot '))
        return problem(
          'cluster-unauthorized',
          `${what}: the API server takes the credentials for nobody`,
          'check the user of the kubeconfig',
        );
      // Admission answers 403 too: a quota or a pod security level is nothing that more rights would change.
      return /^[^"]*User "[^"]*" cannot |cannot [a-z]+ resource/.test(told)
        ? problem(
            'cluster-forbidden',
            `${what}: ${message}`,
            'grant the Role that the README of deploy shows',
          )
        : refused(what, message);
    case 404:
      return problem('cluster-not-found', `${what}: ${message}`);
    case 409:
      return conflict(what, message, status, reason);
    case 410:
      return problem('cluster-expired', `${what}: ${message}`);
    default:
      return refused(what, message);
  }
}

const ABOUT_SECRET = /^[a-z]+ Secret\b/;

/**
 * A policy or a webhook of the cluster may repeat what a Secret holds, or held before, in any form and cut anywhere, so that no mask
 * would find it: of what they say about a Secret only their names are passed on.
 */
function withoutContent(told: string, what: string): string {
  return ABOUT_SECRET.test(what)
    ? told.replace(/(denied (?:the )?request):.*/s, '$1; why is not shown, as it is about a Secret')
    : told;
}

function conflict(what: string, message: string, status: JsonValue | undefined, reason: unknown) {
  if (reason === 'AlreadyExists') return problem('cluster-exists', `${what}: it exists already`);
  const managers = conflictingManagers(status);
  if (managers.length === 0) return problem('cluster-conflict', `${what}: ${message}`, 'run again');
  return problem(
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

/** What broke on the way, in words; the abort of the whole run passes through. */
export function connectionError(error: unknown, server: string, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof SlipwayError || !types.isNativeError(error)) return error;
  if (isCertificateProblem(error))
    return problem(
      'cluster-unreachable',
      `the certificate of ${server} is not trusted (${excerpt(error.message, MAX_MESSAGE_LENGTH)})`,
      'set certificate-authority-data of the cluster in the kubeconfig',
      error,
    );
  return problem(
    'cluster-unreachable',
    `the API server ${server} does not answer (${excerpt(error.message, MAX_MESSAGE_LENGTH)})`,
    'check the address in the kubeconfig and that this runner can reach it',
    error,
  );
}

function refused(what: string, message: string): SlipwayError<ClusterErrorCode> {
  return problem('cluster-refused', `${what}: the API server refused: ${message}`);
}

function problem(
  code: ClusterErrorCode,
  message: string,
  remedy?: string,
  cause?: unknown,
): SlipwayError<ClusterErrorCode> {
  return new SlipwayError(remedy === undefined ? { code, message } : { code, message, remedy }, { cause });
}

function jsonOf(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
