import { quote, SlipwayError } from '@slipway/core';
import type { RegistryErrorCode } from '../error-codes.ts';
import type { HttpRequest, HttpResponse, SendRequest } from './http.ts';

const MAX_REDIRECTS = 5;
const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);

export interface RedirectOptions {
  readonly send: SendRequest;
  /** The registry's own address: the only address that the login is for. */
  readonly home: URL;
  readonly authorization: string | undefined;
}

/**
 * Sends a request and, for reads, follows where the registry points: blobs are often kept in an object store. The login goes to
 * the registry's own origin and nowhere else.
 * @throws SlipwayError `redirect-refused`
 */
export async function followRedirects(request: HttpRequest, options: RedirectOptions): Promise<HttpResponse> {
  let { url } = request;
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    const response = await options.send({
      ...request,
      url,
      headers: headersFor(url, request.headers, options),
    });
    const { location } = response.headers;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (!isRead || location === undefined || !REDIRECT_STATUSES.has(response.statusCode ?? 0))
      return response;
    response.resume();
    url = nextAddress(location, url);
  }
  throw refused(url, 'redirected more than five times');
}

function headersFor(url: URL, headers: HttpRequest['headers'], { home, authorization }: RedirectOptions) {
  return authorization === undefined || url.origin !== home.origin ? headers : { ...headers, authorization };
}

function nextAddress(location: string, from: URL): URL {
  if (!URL.canParse(location, from.href)) throw refused(from, 'redirected to an invalid URL');
  const next = new URL(location, from);
  const isWeb = next.protocol === 'https:' || next.protocol === 'http:';
  if (!isWeb || (from.protocol === 'https:' && next.protocol === 'http:')) {
    throw refused(from, 'redirected away from HTTPS');
  }
  return next;
}

function refused(url: URL, reason: string): SlipwayError<RegistryErrorCode> {
  return new SlipwayError({
    code: 'redirect-refused',
    message: `the server ${quote(url.host)} ${reason}`,
    remedy: 'fix the registry or the proxy before it',
  });
}
