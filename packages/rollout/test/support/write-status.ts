import type { JsonObject } from '@slipway/core';
import { openApiServer } from '@slipway/testkit/cluster';

/** Merges a status into an object through its subresource, as only controllers do. @param path of the object in the API */
export async function writeStatus(kubeconfig: string, path: string, status: JsonObject): Promise<void> {
  const server = openApiServer(kubeconfig);
  try {
    const answer = await server.send('PATCH', `${path}/status`, { status }, 'application/merge-patch+json');
    if (answer.status !== 200) throw new Error(`${path}/status: ${answer.status}`);
  } finally {
    server.stop();
  }
}
