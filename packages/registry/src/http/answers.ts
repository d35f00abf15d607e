import {
  excerpt,
  formatDuration,
  isJsonObject,
  type JsonValue,
  type Problem,
  quote,
  SlipwayError,
} from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';

/** The parts of an answer of a registry from which errors are made. */
export interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly headers?: {
    readonly 'www-authenticate'?: string | undefined;
    readonly 'retry-after'?: string | undefined;
    readonly 'ratelimit-limit'?: string | string[] | undefined;
  };
}

/** What a registry says in its first error; it is data, not to be trusted. */
function errorOf(answer: Answer): { readonly code?: string; readonly message?: string } {
  try {
    const body = JSON.parse(Buffer.from(answer.body).toString('utf8')) as JsonValue;
    const errors = isJsonObject(body) ? body['errors'] : undefined;
    const first = Array.isArray(errors) ? (errors[0] as JsonValue) : undefined;
    const { code, message } = isJsonObject(first) ? first : {};
    return {
      ...(typeof code === 'string' ? { code } : {}),
      ...(typeof message === 'string' ? { message } : {}),
    };
  } catch {
    return {};
  }
}

/** `HTTP 404 "NAME_UNKNOWN"` */
function statusOf(answer: Answer): string {
  const { code } = errorOf(answer);
  return `HTTP ${answer.status}${code === undefined ? '' : ` ${quote(code)}`}`;
}

const LONGEST_MESSAGE = 200;

/** As `statusOf`, with the registry's own sentence. */
export function saidIn(answer: Answer): string {
  const { message = '' } = errorOf(answer);
  return message === '' ? statusOf(answer) : `${statusOf(answer)}: ${excerpt(message, LONGEST_MESSAGE)}`;
}

/** The error for an unexpected answer. `action` completes "the registry refused to …". */
export function refusal(answer: Answer, registry: string, action: string): SlipwayError<RegistryErrorCode> {
  const { status } = answer;
  const message = `the registry ${quote(registry)} refused to ${action} (${statusOf(answer)})`;
  if (status === 401 && answer.headers?.['www-authenticate']?.includes('insufficient_scope')) {
    const remedy = `log in to ${quote(registry)} as a user who may do this; in GitHub Actions, "permissions: packages: write" for ghcr.io`;
    return new SlipwayError({ code: 'registry-denied', message, remedy });
  }
  if (status === 401) {
    const remedy = `log in to ${quote(registry)} before this step (docker login, or docker/login-action); what a cloud gave expires within hours`;
    return new SlipwayError({ code: 'registry-unauthorized', message, remedy });
  }
  if (status === 403) {
    const remedy =
      'give the login the right to do this; in GitHub Actions, "permissions: packages: write" for ghcr.io';
    return new SlipwayError({ code: 'registry-denied', message, remedy });
  }
  if (status === 429) return busy(answer, registry, action);
  if (status === 404 && errorOf(answer).code === 'NAME_UNKNOWN') {
    const remedy =
      'create the repository first, or let the registry create it on a push: docs/registries.md says how for each';
    return new SlipwayError({ code: 'repository-missing', message, remedy });
  }
  const remedy =
    status >= 500
      ? "look at the registry's log, and run the step again"
      : 'check that the address is a registry';
  return new SlipwayError({ code: 'registry-failed', message, remedy });
}

function busy(answer: Answer, registry: string, action: string): SlipwayError<RegistryErrorCode> {
  const limit = limitOf(answer);
  const wait = retryAfterOf(answer.headers?.['retry-after']);
  const when = wait > 0 ? `in ${formatDuration(wait)}` : 'later';
  return new SlipwayError({
    code: 'registry-busy',
    message: `the registry ${quote(registry)} refused to ${action} (${saidIn(answer)}${limit})`,
    remedy: `run the step again ${when}, or log in to ${quote(registry)} before it for a higher limit`,
  });
}

/** Docker Hub's `100;w=21600`, in seconds: https://docs.docker.com/docker-hub/usage/pulls/ */
function limitOf({ headers }: Answer): string {
  const [, requests, seconds] = /^(\d{1,9});w=(\d{1,9})$/.exec(String(headers?.['ratelimit-limit'])) ?? [];
  if (requests === undefined) return '';
  const hours = Number(seconds) / 3600;
  const time = Number.isInteger(hours) ? `${hours} h` : formatDuration(Number(seconds) * 1000);
  return `; it allows ${Number(requests)} in ${time}`;
}

/** Milliseconds of `Retry-After: 3`; 0 for anything else, as its date form is not used by registries, and for more than a day. */
export function retryAfterOf(header: string | undefined): number {
  const seconds = /^\d{1,9}$/.test(header ?? '') ? Number(header) : 0;
  return seconds > 86_400 ? 0 : seconds * 1000;
}

/** The error for a registry that could not be reached at all. */
export function unreachable(registry: string, error: unknown): SlipwayError<RegistryErrorCode> {
  const code = (error as NodeJS.ErrnoException).code;
  const distrust = distrustOf(registry, code ?? '');
  if (distrust !== undefined) return new SlipwayError(distrust, { cause: error });
  return new SlipwayError(
    {
      code: 'registry-unreachable',
      message: `the registry ${quote(registry)} does not answer${code === undefined ? '' : ` (${code})`}`,
      remedy: 'check its name and port, and that this machine can reach it',
    },
    { cause: error },
  );
}

/** Node's and OpenSSL's codes for a server that does answer, but cannot be trusted. */
function distrustOf(registry: string, code: string): Problem<RegistryErrorCode> | undefined {
  const name = quote(registry);
  if (code === 'EPROTO' || code.startsWith('ERR_SSL'))
    return {
      code: 'registry-untrusted',
      message: `the registry ${name} does not speak TLS correctly (${code})`,
      remedy: `if it speaks plain HTTP, name it in plain-http-registries`,
    };
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID' || code.includes('ALTNAME_INVALID'))
    return {
      code: 'registry-untrusted',
      message: `the certificate of the registry ${name} is not valid for it, or not now (${code})`,
      remedy: 'let its operator renew it; check the name of the registry and the clock of this machine',
    };
  if (!/CERT|UNABLE_TO_(?:VERIFY|GET)|^ERR_TLS_/.test(code)) return undefined;
  return {
    code: 'registry-untrusted',
    message: `the certificate of the registry ${name} is not signed by a certificate authority that this machine trusts (${code})`,
    remedy:
      "set NODE_EXTRA_CA_CERTS in the step's env to the path of a PEM file with the certificate of its authority",
  };
}

export function invalidAnswer(registry: string, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'registry-answer-invalid',
    message: `the registry ${quote(registry)} answered with ${reason}`,
    remedy: 'check that the address is a registry',
  });
}
