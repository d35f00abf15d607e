import { describe, expect, it } from '@jest/globals';
import type { ClusterClient } from '@slipway/cluster';
import type { Release } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { warnOfHold } from '../src/steps/held.ts';

const owner = { application: 'shop', formation: 'production', namespace: 'shop', number: 42 };
const client = { get: async () => undefined } as unknown as ClusterClient;
const hold = { by: 'alice', reason: 'the checkout loses orders', since: '2026-11-30T09:12:44.000Z' };

async function warnings(changes: Partial<Release>): Promise<string> {
  const runner = fakeRunner();
  await warnOfHold(client, { ...owner, ...changes } as Release, 'continue qa', runner);
  return JSON.stringify(runner.annotations);
}

describe('a decision about a release in steps while the formation is held', () => {
  it('is told who holds it, and that it is carried out', async () => {
    const told = await warnings({ hold });
    for (const part of ['alice', 'the checkout loses orders', 'continue qa', 'is carried out'])
      expect(told).toContain(part);
  });

  it('is told nothing without a hold, or once it has ended', async () => {
    expect(await warnings({})).toBe('[]');
    expect(await warnings({ hold: { ...hold, until: '2026-11-30T10:00:00.000Z' } })).toBe('[]');
  });
});
