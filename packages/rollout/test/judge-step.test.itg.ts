import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Check } from '@slipway/core';
import { type RunningPrometheus, startPrometheus } from '@slipway/testbed';
import { type JudgedWindow, judgeStep } from '../src/index.ts';

/** What a pod does: bad ones of a thousand requests, and how slow it is. */
interface Behaviour {
  readonly bad: number;
  readonly slowness: number;
}

const GOOD: Behaviour = { bad: 2, slowness: 1 };
const PODS: Readonly<Record<string, Behaviour>> = {
  'api-7d9f-aaaaa': GOOD,
  'api-7d9f-bbbbb': GOOD,
  'api-next-5c8d-goody': GOOD,
  'api-next-5c8d-wrong': { bad: 100, slowness: 1 },
  'api-next-5c8d-slowy': { bad: 2, slowness: 1.5 },
  'api-next-5c8d-quiet': { bad: 0, slowness: Number.NaN },
  'api-next-5c8d-twice': GOOD,
};
const PER_SECOND = 200;
const SECONDS = 20;

const servers: Server[] = [];
let prometheus: RunningPrometheus;
let window: JudgedWindow;

beforeAll(async () => {
  const started = Date.now();
  const targets = await Promise.all(
    Object.entries(PODS).map(async ([pod, behaviour]) => {
      const server = createServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
        response.end(metrics(pod, behaviour, (Date.now() - started) / 1000));
      });
      servers.push(server);
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return { pod, target: `127.0.0.1:${(server.address() as AddressInfo).port}` };
    }),
  );
  prometheus = await startPrometheus({
    targets: [],
    // What a second monitor does that selects the copy's own Service, too.
    labelled: targets.flatMap(({ pod, target }) =>
      (pod.endsWith('twice') ? ['api', 'api-next'] : ['api']).map(service => ({
        targets: [target],
        labels: { pod, service },
      })),
    ),
  });
  await sleep(2_000);
  const from = new Date();
  await sleep(SECONDS * 1000);
  window = { from, to: new Date() };
  // The last moment is known once it has been scraped.
  await sleep(2_000);
});

afterAll(async () => {
  for (const server of servers) server.close();
  await prometheus?.stop();
});

/** The counters begin at zero, and errors are spread evenly over the requests. */
function metrics(pod: string, { bad, slowness }: Behaviour, seconds: number): string {
  const all = Number.isNaN(slowness) ? 0 : Math.floor(PER_SECOND * seconds);
  const failed = Math.floor((all * bad) / 1000);
  const level = 0.3 + 0.02 * Math.sin(seconds + pod.length);
  return [
    `requests_total{code="200"} ${all - failed}`,
    ...(failed === 0 ? [] : [`requests_total{code="500"} ${failed}`]),
    `answer_seconds ${Number.isNaN(slowness) ? 'NaN' : level * slowness}`,
    '',
  ].join('\n');
}

const ERRORS: Check = {
  name: 'errors',
  prometheus: {
    bad: 'sum(increase(requests_total{pod=~"${pods}",code=~"5.."}[${window}]))',
    all: 'sum(increase(requests_total{pod=~"${pods}"}[${window}]))',
    'worse-by': '1%',
    'min-requests': 500,
  },
};
const LATENCY: Check = {
  name: 'latency',
  prometheus: {
    query: 'avg(answer_seconds{pod=~"${pods.api}"})',
    every: '1s',
    'higher-by': '20%',
    samples: 10,
  },
};

function judge(pod: string, checks: readonly Check[], address = prometheus.address) {
  const stable = { api: ['api-7d9f-aaaaa', 'api-7d9f-bbbbb'] };
  return judgeStep({
    ...{ checks, window, words: {}, retryAfter: 10 },
    sides: { stable, next: { api: pod === '' ? [] : [`api-next-5c8d-${pod}`] } },
    prometheus: { address, token: '' },
    client: {
      askService: async () => {
        throw new Error('not through a cluster');
      },
    },
    signal: new AbortController().signal,
  });
}

describe('a step that Prometheus is asked about', () => {
  it('passes where the copy does as well', async () => {
    const found = await judge('goody', [ERRORS, LATENCY]);
    expect(found).toMatchObject({ verdict: 'passed', falseAlarm: 0.02 });
    const [errors, latency] = found.checks;
    expect(errors?.counts?.next?.all).toBeGreaterThan((PER_SECOND * SECONDS) / 2);
    expect(errors?.message).toMatch(/^0\.\d+ % \(\d of [345],\d{3}\) instead of 0\.\d+ %/);
    expect(latency?.points?.length).toBeGreaterThan(SECONDS - 2);
    // A target may be scraped for the first time after the window has begun.
    const complete = latency?.points?.filter(({ stable, next }) => stable !== null && next !== null);
    expect(complete?.length).toBeGreaterThanOrEqual(10);
    expect(complete?.at(-1)).toEqual(latency?.points?.at(-1));
  });

  it.each([
    [
      'wrong',
      'errors',
      /^(?:9|10)\.\d+ % \(\d+ of .* instead of 0\.\d+ % .*, where 1 percentage point more would be too much; between \+/,
    ],
    ['slowy', 'latency', /^0\.4\d\d instead of 0\.\d+, where 20 % more would be too much; between \+0\.1/],
  ])('fails where the copy is %s', async (pod, name, message) => {
    const found = await judge(pod, [ERRORS, LATENCY]);
    expect(found.verdict).toBe('failed');
    expect(found.checks.filter(({ verdict }) => verdict === 'failed')).toMatchObject([
      { name, message: expect.stringMatching(message) },
    ]);
  });

  it.each<[string, string, readonly RegExp[]]>([
    [
      'has got no request',
      'quiet',
      [/^next got 0 of the 500 requests/, /next has no value at \d+ of \d+ moments/],
    ],
    ['has no pods', '', [/^next: it has no pods for \$\{pods\}/, /next: it has no pods for \$\{pods.api\}/]],
    ['is scraped twice', 'twice', [/^a pod of next is scraped by 2 and one of stable by 1 targets/, /by 2/]],
    ['is unknown to Prometheus', 'other', [/scraped by 0 and/, /scraped by 0|next has no value/]],
  ])('says nothing where the copy %s', async (_, pod, messages) => {
    const found = await judge(pod, [ERRORS, LATENCY]);
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      checks: messages.map(message => ({
        verdict: 'inconclusive',
        message: expect.stringMatching(message),
      })),
    });
  });

  it('says nothing where Prometheus is away', async () => {
    const found = await judge('goody', [ERRORS], 'http://127.0.0.1:1');
    expect(found).toMatchObject({
      verdict: 'inconclusive',
      checks: [
        {
          message: expect.stringMatching(
            /^stable: Prometheus does not answer \(.*\), 3 times in a row; next: /,
          ),
        },
      ],
    });
  });

  it('fails beyond a bound although both are alike, and says so', async () => {
    const strict = { ...LATENCY, prometheus: { ...LATENCY.prometheus, max: 0.2 } };
    const found = await judge('goody', [strict]);
    expect(found.checks).toMatchObject([
      {
        verdict: 'failed',
        message: expect.stringMatching(
          /^next and stable are alike, but 0\.3\d+ is more than the 0.2 of `max`/,
        ),
      },
    ]);
  });

  it('says what is wrong with a query', async () => {
    const several = {
      name: 'each',
      prometheus: { query: 'requests_total{pod=~"${pods}"}', 'higher-by': '20%' },
    };
    const broken = { name: 'broken', prometheus: { query: 'sum(a{pod=~"${pods}"}', 'higher-by': '20%' } };
    const found = await judge('goody', [several, broken]);
    expect(found.checks).toMatchObject([
      {
        verdict: 'inconclusive',
        message: expect.stringMatching(/has [234] series, and a comparison needs one/),
      },
      { verdict: 'inconclusive', message: expect.stringMatching(/Prometheus answered 400: .*parse error/) },
    ]);
  });

  it('asks about the words of the release, and leaves out what is the same in every release', async () => {
    const query = 'avg(answer_seconds{pod=~"${pods}",service="${service}"})';
    const found = await judgeStep({
      ...{ window, words: { service: 'api' }, signal: new AbortController().signal },
      checks: [
        { name: 'bound', prometheus: { query, every: '1s', max: 1 } },
        { name: 'whole', prometheus: { query: 'up', max: 0 } },
      ],
      sides: { stable: { api: [] }, next: { api: ['api-next-5c8d-goody'] } },
      prometheus: { address: prometheus.address, token: '' },
      client: { askService: () => Promise.reject(new Error('not through a cluster')) },
    });
    expect(found).toMatchObject({
      verdict: 'passed',
      falseAlarm: 0,
      checks: [{ name: 'bound', kind: 'bounds' }],
    });
  });
});
