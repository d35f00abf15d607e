import { expect, it } from '@jest/globals';
import { SlipwayError } from '@slipway/core';
import { serverTime } from '../src/looks/server-time.ts';

const clock = (): Date => new Date('2026-12-01T00:00:00Z');

function answering(code: string): Parameters<typeof serverTime>[0] {
  const create = () => Promise.reject(new SlipwayError({ code, message: 'x', remedy: 'y' }));
  return { create } as never;
}

it('the time is that of the runner where the API server does not tell its own', async () => {
  for (const code of ['cluster-forbidden', 'cluster-unknown-kind'])
    expect(await serverTime(answering(code), clock)).toEqual(clock());
});

it.each(['cluster-unreachable', 'cluster-unauthorized', 'lock-lost'])(
  'there is no time where this run cannot go on: %s',
  async code => {
    await expect(serverTime(answering(code), clock)).rejects.toMatchObject({ code });
  },
);
