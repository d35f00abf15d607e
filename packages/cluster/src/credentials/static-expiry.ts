import { X509Certificate } from 'node:crypto';
import { formatDuration, isJsonObject, parseJsonIfAny } from '@slipway/core';
import { type ClientCertificate, readMaterial } from '../entries/material.ts';
import type { LoginMethod } from './login.ts';

/** The end of credentials that nothing in this run renews by itself. */
export interface StaticExpiry {
  readonly what: 'client certificate' | 'token';
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether they are in a file of their own, which is read again. */
  readonly inFile: boolean;
}

/** Milliseconds; no date is farther from 1970: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const LAST_TIME = 8.64e15;

/** What a user shows to the API server. */
interface Shown {
  readonly certificate: ClientCertificate | undefined;
  readonly login: LoginMethod;
}

/** When the certificate or token of a user expires, the earlier of both; undefined if neither says so. */
export async function staticExpiry(user: Shown): Promise<StaticExpiry | undefined> {
  const ends = [await certificateEnd(user), tokenEnd(user)].filter(end => end !== undefined);
  return ends.toSorted((one, other) => one.at - other.at)[0];
}

async function certificateEnd({
  certificate,
}: Pick<Shown, 'certificate'>): Promise<StaticExpiry | undefined> {
  const text = await readMaterial(certificate?.chain).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const at = new X509Certificate(text).validToDate.getTime();
    return { what: 'client certificate', at, inFile: certificate?.chain.file !== undefined };
  } catch {
    // What is wrong with it, the connection says.
    return undefined;
  }
}

/** The `exp` of a token that is a JWT (RFC 7519); other tokens tell nothing. Only the API server can verify it. */
function tokenEnd({ login }: Pick<Shown, 'login'>): StaticExpiry | undefined {
  if (login.method !== 'token') return undefined;
  const [, payload = ''] = login.token.split('.');
  const claims = parseJsonIfAny(Buffer.from(payload, 'base64url').toString('utf8'));
  const end = isJsonObject(claims) ? claims['exp'] : undefined;
  const isTime = typeof end === 'number' && Math.abs(end * 1000) <= LAST_TIME;
  return isTime ? { what: 'token', at: end * 1000, inFile: false } : undefined;
}

/**
 * A sentence about credentials that have expired, or will before the run may end; undefined if they last.
 * @param runFor milliseconds that the run may take; undefined if it takes moments
 */
export function describeExpiry(
  { what, at, inFile }: StaticExpiry,
  now: number,
  runFor: number | undefined,
): string | undefined {
  const left = at - now;
  if (left <= 0)
    return `The ${what} of the kubeconfig expired ${formatDuration(-left)} ago by the clock of this runner (${new Date(at).toISOString()}), so the API server will refuse it. Renew it.`;
  if (runFor === undefined || left >= runFor) return undefined;
  const remedy = inFile
    ? 'Its file is read again, so replace it in time.'
    : 'Nothing renews it in this run: use one that lasts longer, a shorter timeout, or a login whose plugin renews it.';
  return `The ${what} of the kubeconfig expires in ${formatDuration(left)}, and the timeout is ${formatDuration(runFor)}. ${remedy}`;
}
