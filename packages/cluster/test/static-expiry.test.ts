import { describe, expect, it } from '@jest/globals';
import { describeExpiry, staticExpiry } from '../src/credentials/static-expiry.ts';

const MINUTE = 60_000;
const NOW = Date.parse('2026-12-01T12:00:00Z');

const jwt = (claims: object): string =>
  ['{}', JSON.stringify(claims), 'signature'].map(part => Buffer.from(part).toString('base64url')).join('.');

describe('the end of a token', () => {
  it.each<[string, string, number | undefined]>([
    ['that says it', jwt({ exp: 1_000 }), 1_000_000],
    ['that says more than a date can be', jwt({ exp: -1e300 }), undefined],
    ['that says something else', jwt({ exp: 'never' }), undefined],
    ['that says nothing', jwt({ sub: 'x' }), undefined],
    ['that is not a JWT', 'ya29.opaque', undefined],
    ['with a claim that is not JSON', 'a.b.c', undefined],
  ])('%s is known or not', async (_title, token, at) => {
    expect((await staticExpiry({ certificate: undefined, login: { method: 'token', token } }))?.at).toBe(at);
  });
});

describe('credentials that nothing renews', () => {
  const end = (left: number, inFile = false) => ({
    what: 'client certificate' as const,
    at: NOW + left,
    inFile,
  });

  it('are not mentioned when they last', () => {
    expect(describeExpiry(end(11 * MINUTE), NOW, 10 * MINUTE)).toBeUndefined();
    expect(describeExpiry(end(4 * MINUTE), NOW, undefined)).toBeUndefined();
  });

  it('are when they expire before the run may end', () => {
    expect(describeExpiry(end(4 * MINUTE), NOW, 10 * MINUTE)).toBe(
      'The client certificate of the kubeconfig expires in 4 min 0 s, and the timeout is 10 min 0 s. Nothing renews it in this run: use one that lasts longer, a shorter timeout, or a login whose plugin renews it.',
    );
    expect(describeExpiry(end(4 * MINUTE, true), NOW, 10 * MINUTE)).toContain(
      'Its file is read again, so replace it in time.',
    );
  });

  it('are when they have expired, whatever the timeout is', () => {
    expect(describeExpiry(end(-2 * MINUTE), NOW, undefined)).toBe(
      'The client certificate of the kubeconfig expired 2 min 0 s ago by the clock of this runner (2026-12-01T11:58:00.000Z), so the API server will refuse it. Renew it.',
    );
  });
});
