import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import { SlipwayError } from '@slipway/core';
import type { KubernetesObject } from '@slipway/kubernetes';
import { lossOr } from '../src/cluster/namespace.ts';

const failure = new SlipwayError({ code: 'stage-failed', message: 'Deployment shop/api failed' });

/** A client that knows of one namespace, or gives no answer. */
function clientWith(answer: () => Promise<KubernetesObject | undefined>): ClusterClient {
  const client = { get: answer, within: () => client } as unknown as ClusterClient;
  return client;
}

const namespace = (phase: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'shop' },
  status: { phase },
});

describe('what fails because its namespace is lost', () => {
  it.each([
    ['is gone', undefined, 'namespace-missing'],
    ['is going', namespace('Terminating'), 'namespace-terminating'],
    ['is there', namespace('Active'), 'stage-failed'],
  ])('is told by the namespace, if that %s', async (_, live, code) => {
    const told = await lossOr(
      failure,
      clientWith(async () => live),
      'shop',
    );
    expect(told).toMatchObject({ code });
  });

  it('is told as it is where the cluster does not say more', async () => {
    const silent = clientWith(() => Promise.reject(new Error('aborted')));
    expect(await lossOr(failure, silent, 'shop')).toBe(failure);
    const unreachable = new SlipwayError({ code: 'cluster-unreachable', message: 'no answer' });
    expect(
      await lossOr(
        unreachable,
        clientWith(async () => undefined),
        'shop',
      ),
    ).toBe(unreachable);
  });
});
