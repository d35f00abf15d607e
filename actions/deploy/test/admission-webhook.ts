import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { ClusterClient } from '@slipway/cluster';
import { createAuthority } from '@slipway/testbed/certificates';

/** What an API server asks of a webhook. */
export interface Review {
  readonly uid: string;
  readonly dryRun: boolean;
}

/** The message of a refusal, nothing to allow it, or no answer at all. */
export type Ruling = string | undefined | 'silence';

/** A validating webhook for the ConfigMaps of one namespace. @returns what ends it, its configuration included */
export async function admissionWebhook(
  client: ClusterClient,
  namespace: string,
  rule: (review: Review) => Ruling,
): Promise<() => Promise<void>> {
  const authority = await createAuthority('webhooks', () => new Date());
  const { certificate: cert, key } = await authority.server(['127.0.0.1']);
  const server = createServer({ cert, key }, (incoming, response) => void answer(incoming, response, rule));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const bundle = Buffer.from(authority.certificate).toString('base64');
  const configuration = configurationFor(namespace, `https://127.0.0.1:${port}/`, bundle);
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
  const verdict = ruling === undefined ? { allowed: true } : { allowed: false, status: { message: ruling } };
  const review = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify({ ...review, response: { uid: request.uid, ...verdict } }));
}

function configurationFor(namespace: string, url: string, caBundle: string) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: `${namespace}.example.org` },
    webhooks: [
      {
        name: `${namespace}.example.org`,
        clientConfig: { url, caBundle },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        timeoutSeconds: 1,
      },
    ],
  };
}
