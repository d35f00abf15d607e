import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@slipway/core';
import { lockOn } from '../src/observed/lock-state.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const RUN = 'https://github.com/acme/shop/actions/runs/7';

const spec = (changes: JsonObject = {}): JsonObject => ({
  ...{ holderIdentity: `${RUN}#0123456789abcdef`, leaseDurationSeconds: 30 },
  ...{ acquireTime: '2026-11-20T11:50:00.000000Z', renewTime: '2026-11-20T11:59:55.000000Z' },
  ...changes,
});

const stateOf = (changes: JsonObject = {}) =>
  lockOn({ apiVersion: 'v1', kind: 'Lease', metadata: { name: 'lock' }, spec: spec(changes) }, NOW);

describe('the lock of a formation', () => {
  it('is free without a Lease, and with one that no one holds', () => {
    expect(lockOn(undefined, NOW)).toEqual({ state: 'free' });
    expect(stateOf({ holderIdentity: '' })).toEqual({ state: 'free' });
  });

  it('is held by a run since a time', () => {
    expect(stateOf()).toEqual({
      state: 'held',
      holder: { by: RUN, since: '2026-11-20T11:50:00.000Z', renewed: '2026-11-20T11:59:55.000Z' },
    });
  });

  it.each<[string, JsonObject, string]>([
    [
      'held where the clocks of two runners may explain its age',
      { renewTime: '2026-11-20T11:59:00Z' },
      'held',
    ],
    [
      'held where its holder has a clock that is a little ahead',
      { renewTime: '2026-11-20T12:00:30Z' },
      'held',
    ],
    ['stale where it is older than that', { renewTime: '2026-11-20T11:58:00Z' }, 'stale'],
    ['unknown with a time in the future', { renewTime: '2027-11-20T12:00:00Z' }, 'unknown'],
    ['unknown without a time', { renewTime: null }, 'unknown'],
    ['unknown with what is not a time', { renewTime: 'yesterday' }, 'unknown'],
    ['unknown without a duration', { leaseDurationSeconds: null }, 'unknown'],
    [
      'unknown with a duration that would hide for years that it is stale',
      { leaseDurationSeconds: 2147483647 },
      'unknown',
    ],
  ])('is %s', (_, changes, state) => {
    expect(stateOf(changes)).toMatchObject({ state, holder: { by: RUN } });
  });

  it('has a holder of one line, cut', () => {
    const { holder } = stateOf({ holderIdentity: `fine\n\u202e${'x'.repeat(10_000)}` }) as {
      holder: { by: string };
    };
    expect(holder.by).toMatch(/^fine\ufffd\ufffdx+…$/);
    expect(holder.by.length).toBeLessThan(310);
  });
});
