import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PrometheusCheck } from '@slipway/core';
import { crossedBound } from '../src/index.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);

/** What Prometheus has of each version, at all times. */
let values: { stable: number | undefined; next: number | undefined };
let asked: string[];
let server: Server;
let address: string;

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const url = new URL(request.url ?? '', 'http://prometheus');
    const read = (name: string): string => form.get(name) ?? url.searchParams.get(name) ?? '';
    asked.push(read('query'));
    const value = read('query').includes('api-next-') ? values.next : values.stable;
    const [start, end, step] = ['start', 'end', 'step'].map(name => Number.parseFloat(read(name)));
    const points: [number, string][] = [];
    for (let time = start ?? 0; time <= (end ?? 0); time += step ?? 1) points.push([time, String(value)]);
    const result = value === undefined ? [] : [{ metric: {}, values: points }];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'matrix', result } }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

beforeEach(() => {
  values = { stable: 0.3, next: 0.3 };
  asked = [];
});

const QUERY = 'max(seconds{pod=~"${pods}"})';

const crossed = (check: Partial<PrometheusCheck>, to = 120) =>
  crossedBound({
    checks: [{ name: 'latency', prometheus: { query: QUERY, every: '15s', ...check } as PrometheusCheck }],
    sides: { stable: { api: ['api-7d9f-*'] }, next: { api: ['api-next-5c8d-*'] } },
    window: { from: at(0), to: at(to) },
    prometheus: { address, token: '' },
    client: { askService: () => Promise.reject(new Error('not through a cluster')) },
    ...{ words: {}, signal: new AbortController().signal, retryAfter: 1 },
  });

describe('a bound of the new version', () => {
  it('is not crossed while it holds', async () => {
    expect(await crossed({ max: 0.5, min: 0.1 })).toBeUndefined();
  });

  it('is crossed before the step is judged', async () => {
    values.next = 0.9;
    expect(await crossed({ max: 0.5, 'higher-by': '20%' })).toMatch(
      /^check latency: 0\.9.* is more than the 0\.5.* of `max`, \d+ times in a row$/,
    );
  });

  it('is crossed by both versions, which is said', async () => {
    values = { stable: 0.9, next: 0.9 };
    expect(await crossed({ max: 0.5 })).toMatch(/^check latency: next and stable are alike, but 0\.9/);
  });

  it('holds if only stable is beyond it', async () => {
    values.stable = 0.9;
    expect(await crossed({ max: 0.5 })).toBeUndefined();
  });

  it('is not crossed as often as is tolerated', async () => {
    values.next = 0.9;
    expect(await crossed({ max: 0.5, tolerate: 20 })).toBeUndefined();
    expect(await crossed({ max: 0.5, tolerate: 8 })).toMatch(/9 times in a row/);
  });

  it('is not known to be crossed where there is no value, also where that fails the step in the end', async () => {
    values.next = undefined;
    expect(await crossed({ max: 0.5, absent: 'fail' })).toBeUndefined();
  });

  it.each<readonly [string, Partial<PrometheusCheck>, number]>([
    ['a comparison has none', { 'higher-by': '20%' }, 120],
    [
      'the values would look back to before the step',
      { max: 0.5, query: 'sum(rate(a{pod=~"${pods}"}[5m]))' },
      120,
    ],
    ['the warm-up is not over', { max: 0.5 }, -10],
    ['it is not about the pods of a version', { max: 0.5, query: 'up' }, 120],
  ])('is not asked about where %s', async (_, check, to) => {
    values.next = 0.9;
    expect(await crossed(check, to)).toBeUndefined();
    expect(asked).toEqual([]);
  });
});
