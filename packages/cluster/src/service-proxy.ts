import type { IncomingMessage } from 'node:http';
import { connectionError } from './answers.ts';
import type { ServiceAnswer, ServiceRequest } from './client.ts';
import type { Transport } from './transport.ts';

/**
 * Asks a Service through the API server's proxy, with GET and once: whatever the answer is, it is the answer. A redirect is not
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
      // Perhaps the credentials ran out while nothing was asked for.
      response.destroy();
      transport.renew();
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
  // https:name:port, where http is said by nothing at all.
  const target = `${scheme === 'https' ? 'https:' : ''}${service}${port === '' ? '' : `:${port}`}`;
  const base = `/api/v1/namespaces/${encodeURIComponent(namespace)}/services/${encodeURIComponent(target)}/proxy`;
  // A URL without dot segments: they would lead out of the proxy.
  const { pathname, search } = new URL(path, 'http://service');
  return `${base}${pathname}${search}`;
}

/** The body, as far as it is asked for. */
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
