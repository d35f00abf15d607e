import { describe, expect, it } from '@jest/globals';
import { type Check, silentLogger } from '@slipway/core';
import { type CheckSurroundings, prepareChecks } from '../src/index.ts';

const pods = '{pod=~"${pods}"}';

/** A cluster that grants all rights and answers each request to a Service. */
const client = {
  review: async () => ({ allowed: true }),
  get: async () => undefined,
  askService: async () => ({ status: 200, text: 'ok' }),
} as unknown as CheckSurroundings['client'];

async function results(checks: readonly Check[]) {
  const reference = { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'api' };
  const prepared = await prepareChecks(checks, {
    ...{ client, namespace: 'shop', objects: [reference], manifests: [], words: { namespace: 'shop' } },
    ...{ released: new Date(), clock: () => new Date(), logger: silentLogger },
  });
  return await Promise.all(prepared.map(check => check.run(new Date(), new AbortController().signal)));
}

describe('a comparison in a release without steps', () => {
  it.each<[string, Check]>([
    [
      'counts',
      {
        name: 'errors',
        prometheus: {
          bad: `sum(bad${pods}[\${window}])`,
          all: `sum(all${pods}[\${window}])`,
          'worse-by': '1%',
        },
      },
    ],
    ['values', { name: 'latency', prometheus: { query: `p90${pods}`, 'higher-by': '20%' } }],
    ['bounds of one version', { name: 'latency', prometheus: { query: `p90${pods}`, max: 2 } }],
  ])('of %s is not judged, and has not passed', async (_, check) => {
    expect(await results([check])).toMatchObject([
      {
        status: 'not-judged',
        message:
          'not judged, as no other version of these pods serves beside them: they were not released in steps',
      },
    ]);
  });
});
