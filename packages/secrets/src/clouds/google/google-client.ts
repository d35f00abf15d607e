import { isJsonObject } from '@slipway/core';
import type { StoreSurroundings } from '../../store.ts';
import {
  type CloudAnswer,
  type CloudConnection,
  cloudError,
  type RetryRule,
  type SendToCloud,
} from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';

export type GoogleSurroundings = Omit<StoreSurroundings, 'readFile'> & Pick<CloudConnection, 'wait'>;

/** Who asks Google. */
export interface GoogleIdentity {
  readonly token: string;
  readonly name: string;
  /** Where the token comes from, for the log. */
  readonly source: string;
}

/** The one scope that Secret Manager takes; what may be read, the rights of the identity say. */
export const CLOUD_SCOPE = 'https://www.googleapis.com/auth/cloud-platform';

export interface GoogleConnection {
  readonly send: SendToCloud;
  /** Instead of Google's own. */
  readonly endpoint: URL | undefined;
}

/** As Google's own clients do: https://cloud.google.com/secret-manager/docs/reference/rest#service-endpoint */
export const GOOGLE_RETRIES: RetryRule = {
  pauses: [1_000, 2_000, 4_000],
  isTransient: ({ status }) => [429, 500, 502, 503, 504].includes(status),
};

/** @param path from the root of the server */
export function googleUrl({ endpoint }: GoogleConnection, host: string, path: string): URL {
  return new URL(path, endpoint ?? `https://${host}`);
}

/** What an error of Google is called: its status, and the reason where there is one: https://google.aip.dev/193 */
export interface GoogleError {
  readonly status: string;
  readonly reason: string;
  /** Looked into and never repeated. */
  readonly said: string;
}

export function errorOf({ body }: CloudAnswer): GoogleError {
  const error = isJsonObject(body['error']) ? body['error'] : {};
  const details = Array.isArray(error['details']) ? error['details'].filter(isJsonObject) : [];
  const reason = details.map(detail => textIn(detail, 'reason')).find(text => text !== '') ?? '';
  return { status: textIn(error, 'status'), reason, said: textIn(error, 'message') };
}

/** What an answer says where no sentence is made for it. */
export function unexpectedFromGoogle(
  { status }: CloudAnswer,
  word: string,
  title: string,
  what: string,
): Error {
  if (status === 429)
    return cloudError(
      'cloud-unreachable',
      `${title} still throttles requests after several attempts`,
      'run the job again later, or find out what else asks it',
    );
  if (status >= 500)
    return cloudError(
      'cloud-unreachable',
      `${title} still answers with status ${status} after several attempts`,
      'run the job again later',
    );
  return cloudError(
    'cloud-answer-invalid',
    `${title} answered with status ${status}${/^\w{1,60}$/.test(word) ? ` (${word})` : ''} to ${what}`,
    'look into the audit log of the project, and run the job again',
  );
}
