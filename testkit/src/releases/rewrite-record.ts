import { gzipSync } from 'node:zlib';
import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';

/** Writes the record of a release as another version of Slipway would, without a check; what is undefined is left out. */
export async function rewriteRecord(
  client: ClusterClient,
  release: Release,
  changes: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { application, formation, namespace, number } = release;
  const record = { ...release, ...changes };
  const packed = gzipSync(JSON.stringify(record)).toString('base64');
  const name = `slipway.${application}.${formation}.${number}`;
  await client.patch(
    { apiVersion: 'v1', kind: 'Secret', namespace, name },
    {
      metadata: { labels: { 'slipway.dev/verdict': record.verdict ?? 'open' } },
      data: { release: packed },
    },
  );
}
