import type { IncomingMessage } from 'node:http';
import { connectionError } from './answers.ts';
import type { ServiceAnswer, ServiceRequest } from './client.ts';
import type { Transport } from './transport.ts';

/**
 * Sends one GET to a Service through the API server's proxy and returns the answer, whatever its status. Redirects are not
 * followed. https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#get-connect-proxy-path
 */
export async function askService(
  transport: Transport,
  request: ServiceRequest,
  signal: AbortSignal,
): Promise<ServiceAnswer> {
  try {
    let response = await openProxy(transport, request, signal);
    if (response.statusCode === 401) {
      // The credentials may have expired since the last request.
      response.destroy();
      transport.renew(response);
      response = await openProxy(transport, request, signal);
    }
    return { status: response.statusCode ?? 0, text: await readStart(response, request.limitBytes) };
  } catch (error) {
    signal.throwIfAborted();
    throw connectionError(error, transport.server, signal);
  }
}

function openProxy(
  transport: Transport,
  { headers, ...request }: ServiceRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return transport.open({ method: 'GET', path: proxyPath(request), accept: '*/*', headers, signal });
}

function proxyPath({ namespace, service, scheme, port, path }: Omit<ServiceRequest, 'headers'>): string {
  // `https:name:port`; without a scheme, the proxy uses http.
  const target = `${scheme === 'https' ? 'https:' : ''}${service}${port === '' ? '' : `:${port}`}`;
  const base = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(target)}/proxy`;
  // URL removes dot segments, which would lead out of the proxy.
  const { pathname, search } = new URL(path, 'http://service');
  return `${base}${pathname}${search}`;
}

/** At most the first `limit` bytes of the body. */
async function readStart(response: IncomingMessage, limit: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  response.destroy();
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}
