import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue, quote } from '@slipway/core';

/** What a plugin printed; at least one of both ways to log in. */
export interface ExecCredential {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: { readonly chain: string; readonly key: string };
  /** Milliseconds since 1970 after which it may be refused; undefined if the plugin did not say. */
  readonly expires?: number;
}

/** What is wrong with an answer, to follow the plugin's name; never with a part of the answer, which may be the token. */
export class AnswerProblem extends Error {
  override readonly name = 'AnswerProblem';
}

/** RFC 3339, as Go's parser takes it. */
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:[.,]\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/**
 * Accepts what kubectl accepts.
 * https://github.com/kubernetes/client-go/blob/v0.36.3/plugin/pkg/client/auth/exec/exec.go#L475
 * @param apiVersion the one that the kubeconfig names
 * @throws AnswerProblem
 */
export function parseExecCredential(output: string, apiVersion: string): ExecCredential {
  const answer = parseAnswer(output);
  // A kind that is missing is taken for the one that is asked for.
  if ((answer['kind'] || 'ExecCredential') !== 'ExecCredential' || typeof answer['apiVersion'] !== 'string')
    throw new AnswerProblem('did not print an ExecCredential');
  if (answer['apiVersion'] !== apiVersion)
    throw new AnswerProblem(
      `printed ${quote(answer['apiVersion'])} where the kubeconfig asks for ${apiVersion}`,
    );
  if (!isJsonObject(answer['status'])) throw new AnswerProblem('printed an ExecCredential without status');
  return credentialOf(answer['status']);
}

function parseAnswer(output: string): JsonObject {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    // Without the cause, which may repeat the token.
  }
  if (!isJsonObject(answer as JsonValue))
    throw new AnswerProblem(output.trim() === '' ? 'printed nothing' : 'did not print an ExecCredential');
  return answer as JsonObject;
}

function credentialOf(status: JsonObject): ExecCredential {
  const text = (name: string): string => {
    const value = status[name] ?? '';
    if (typeof value !== 'string') throw new AnswerProblem(`printed a ${name} that is not a text`);
    return value;
  };
  const [token, chain, key] = [text('token'), text('clientCertificateData'), text('clientKeyData')];
  if (token === '' && chain === '' && key === '')
    throw new AnswerProblem('printed neither a token nor a client certificate');
  if ((chain === '') !== (key === ''))
    throw new AnswerProblem('printed only one of clientCertificateData and clientKeyData');
  const expires = timeOf(status['expirationTimestamp'] ?? undefined);
  return {
    ...(token === '' ? {} : { token }),
    ...(chain === '' ? {} : { certificate: checkedPair(chain, key) }),
    ...(expires === undefined ? {} : { expires }),
  };
}

function timeOf(value: JsonValue | undefined): number | undefined {
  if (value === undefined) return undefined;
  const time =
    typeof value === 'string' && TIME.test(value) ? Date.parse(value.replace(',', '.')) : Number.NaN;
  if (Number.isNaN(time)) throw new AnswerProblem('printed an expirationTimestamp that is not a time');
  return time;
}

function checkedPair(chain: string, key: string): NonNullable<ExecCredential['certificate']> {
  let fits = false;
  try {
    fits = new X509Certificate(chain).checkPrivateKey(createPrivateKey(key));
  } catch {
    // Without the cause: it is about the key.
  }
  if (!fits) throw new AnswerProblem('printed a client certificate and a key that do not fit');
  return { chain, key };
}
