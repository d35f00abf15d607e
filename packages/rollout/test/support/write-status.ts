import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { JsonObject } from '@slipway/core';

/** Merges a status into an object through its subresource, as only controllers do. @param path of the object in the API */
export async function writeStatus(kubeconfig: string, path: string, status: JsonObject): Promise<void> {
  const text = readFileSync(kubeconfig, 'utf8');
  const data = (field: string): Buffer =>
    Buffer.from(new RegExp(`${field}: "?([\\w+/=]+)`).exec(text)?.[1] ?? '', 'base64');
  const server = /server: "?(https:[^\s"]+)/.exec(text)?.[1] ?? '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const sent = request(
    new URL(`${path}/status`, server),
    {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      ca: data('certificate-authority-data'),
      cert: data('client-certificate-data'),
      key: data('client-key-data'),
    },
    answer => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 200 ? resolve() : reject(new Error(`${path}/status: ${answer.statusCode}`)),
      );
    },
  );
  sent.on('error', reject);
  sent.end(JSON.stringify({ status }));
  return promise;
}
