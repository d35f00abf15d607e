import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { ClusterClient } from '@slipway/cluster';
import type { KubernetesObject } from '@slipway/kubernetes';
import { createAuthority } from '@slipway/testbed/certificates';

/** What an API server asks of a webhook. */
export interface Review {
  readonly uid: string;
  readonly dryRun: boolean;
  /** Absent where it is deleted. */
  readonly object?: KubernetesObject | null;
}

/** The message of a refusal, nothing to allow it, no answer at all, or the text of an answer with the status 500. */
export type Ruling = string | undefined | 'silence' | { readonly broken: string };

/** A validating webhook for the ConfigMaps, or another kind, of one namespace. @returns what ends it, its configuration included */
export async function admissionWebhook(
  client: ClusterClient,
  namespace: string,
  rule: (review: Review) => Ruling,
  resource = 'configmaps',
): Promise<() => Promise<void>> {
  const authority = await createAuthority('webhooks', () => new Date());
  const { certificate: cert, key } = await authority.server(['127.0.0.1']);
  const server = createServer({ cert, key }, (incoming, response) => void answer(incoming, response, rule));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const bundle = Buffer.from(authority.certificate).toString('base64');
  const configuration = configurationFor(namespace, resource, `https://127.0.0.1:${port}/`, bundle);
  await client.create(configuration);
  return async () => {
    const { apiVersion, kind, metadata } = configuration;
    await client.delete({ apiVersion, kind, name: metadata.name });
    server.closeAllConnections();
    server.close();
  };
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  rule: (review: Review) => Ruling,
): Promise<void> {
  const { request } = (await json(incoming)) as { request: Review };
  const ruling = rule(request);
  if (ruling === 'silence') return;
  if (typeof ruling === 'object') {
    response.writeHead(500, { 'Content-Type': 'text/plain' }).end(ruling.broken);
    return;
  }
  const verdict = ruling === undefined ? { allowed: true } : { allowed: false, status: { message: ruling } };
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ ...review, response: { uid: request.uid, ...verdict } }));
}

function configurationFor(namespace: string, resource: string, url: string, caBundle: string) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `${namespace}.example.org` },
    webhooks: [
      {
        name: `${namespace}.example.org`,
        clientConfig: { url, caBundle },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: [resource] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 1,
      },
    ],
  };
}
