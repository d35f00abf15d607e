import { describe, expect, it } from '@jest/globals';
import { type Check, judgingSchema, parseStepFile, type Release } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { judgingMarkdown } from '@slipway/report';
import { stepsState } from '@slipway/testkit/releases';
import { type JudgedStep, judgeStep } from '../src/steps/judge.ts';
import { runnable, windowOf } from '../src/steps/judging-context.ts';
import { judgingOf, shownSteps } from '../src/steps/judging-file.ts';
import { stepChecks } from '../src/steps/step-checks.ts';

const POD_CHECK: Check = { name: 'memory', prometheus: { query: 'max(m{pod=~"${pods}"})', max: 1 } };
const HTTP: Check = { name: 'alive', http: { service: 'api', path: '/healthz' } };
const OTHER_HTTP: Check = { name: 'other', http: { service: 'web' } };
const WHOLE: Check = { name: 'queue', prometheus: { query: 'queue_length', max: 10 } };

const TIMES = { since: '2026-11-30T12:00:00.000Z', due: '2026-11-30T12:10:00.000Z' };

function releaseWith(checks: readonly Check[], steps: object = {}): Release {
  const terms = { 'stable-for': '30s', timeout: '10m', checks: [...checks] };
  return {
    ...{ number: 42, application: 'shop', formation: 'production', namespace: 'shop' },
    created: TIMES.since,
    manifests: [],
    objects: [
      { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'api', written: true },
      {
        apiVersion: 'v1',
        kind: 'Service',
        namespace: 'shop',
        name: 'api-next',
        written: true,
        copyOf: 'api',
      },
    ],
    steps: stepsState({ times: TIMES, terms, ...steps } as never),
  } as unknown as Release;
}

describe('the checks of a release in steps', () => {
  it('are asked of both versions, of the copy at its own Service, and of stable at the commit', () => {
    const found = stepChecks(releaseWith([POD_CHECK, HTTP, OTHER_HTTP, WHOLE]));
    expect(found.ofSides).toEqual([POD_CHECK]);
    expect(found.ofCopies).toEqual([{ name: 'alive', http: { service: 'api-next', path: '/healthz' } }]);
    expect(found.atCommit).toEqual([HTTP, OTHER_HTTP, WHOLE]);
  });
});

describe('a check of one workload', () => {
  const ofWeb: Check = { name: 'web', prometheus: { query: 'max(m{pod=~"${pods.web}"})', max: 1 } };
  const ofTypo: Check = { name: 'typo', prometheus: { query: 'max(m{pod=~"${pods.wbe}"})', max: 1 } };
  const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', written: true };
  const release = (checks: readonly Check[], inSteps: readonly string[]): Release => {
    const found = releaseWith(checks, {
      stable: { release: 41, workloads: inSteps.map(name => ({ name, uid: 'u', template: 't' })) },
    });
    return { ...found, objects: [...found.objects, web] } as unknown as Release;
  };

  it('is not asked where that one does not go in steps in this release, and says so', async () => {
    expect(stepChecks(release([ofWeb], ['api']))).toMatchObject({
      ofSides: [],
      ofOthers: [ofWeb],
      atCommit: [ofWeb],
    });
    const { judgement } = await judge(release([ofWeb], ['api']));
    expect(judgement).toEqual({
      ...{ verdict: 'passed', checks: [] },
      summary: 'the copy was ready; check web was not asked, as none of its pods goes in steps',
    });
  });

  it('is as little judged at the commit as in a release without steps', async () => {
    const open = release([ofWeb], ['api']);
    const context = { runner: fakeRunner(), inputs: { prometheus: undefined } };
    const [check] = await runnable(
      { client: {}, release: open, context } as never,
      stepChecks(open).atCommit,
    );
    expect(await check?.run(new Date(), new AbortController().signal)).toMatchObject({
      status: 'not-judged',
      message: expect.stringContaining('no other version of these pods serves beside them'),
    });
  });

  it('is asked where it does, and where the release has no such workload, which says nothing', () => {
    expect(stepChecks(release([ofWeb], ['api', 'web']))).toMatchObject({ ofSides: [ofWeb], ofOthers: [] });
    expect(stepChecks(release([ofTypo], ['api']))).toMatchObject({ ofSides: [ofTypo], ofOthers: [] });
  });
});

describe('the time that a step is judged by', () => {
  it('is that from the end of its warm-up until it is due, in each run', () => {
    const settings = { 'warm-up': '2m' };
    expect(windowOf(releaseWith([], { settings }))).toEqual({
      from: new Date('2026-11-30T12:02:00Z'),
      to: new Date('2026-11-30T12:10:00Z'),
    });
  });

  it('is empty for a step that does not stay longer', () => {
    expect(windowOf(releaseWith([], { settings: { 'warm-up': '10m' } }))).toBeUndefined();
    expect(windowOf(releaseWith([], { times: {} }), new Date())).toBeUndefined();
  });
});

/** A cluster with the ReplicaSets of nothing, and Services that answer with these statuses. */
function judge(release: Release, answers: Readonly<Record<string, number>> = {}): Promise<JudgedStep> {
  const asked = async ({ service }: { readonly service: string }) => ({
    status: answers[service] ?? 503,
    text: '',
  });
  const client = {
    ...{ get: async () => undefined, list: async () => ({ items: [] }), askService: asked },
    review: async () => ({ allowed: true }),
  };
  const context = { runner: fakeRunner(), inputs: { prometheus: undefined } };
  return judgeStep({ client, release, context } as never);
}

describe('a step', () => {
  it('passes if the copy was ready and nothing is to be asked', async () => {
    expect((await judge(releaseWith([]))).judgement).toEqual({
      ...{ verdict: 'passed', checks: [] },
      summary: 'the copy was ready',
    });
  });

  it('says nothing where Prometheus is to be asked and its address is not known', async () => {
    const { judgement } = await judge(releaseWith([POD_CHECK]));
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.summary).toMatch(/^check memory: the address of Prometheus is not set/);
  });

  it.each([
    [
      'before the first user',
      { target: { asked: 0 } },
      /; check memory was not asked, as no user reaches the copy yet$/,
    ],
    [
      'without a bake',
      { times: { ...TIMES, due: TIMES.since } },
      /; check memory was not asked, as the step does not bake$/,
    ],
  ])('asks no pods %s, and says so', async (_, steps, summary) => {
    const { judgement } = await judge(releaseWith([POD_CHECK], steps));
    expect(judgement.verdict).toBe('passed');
    expect(judgement.summary).toMatch(summary);
  });

  it("asks the copy's own Service, whatever that of both answers", async () => {
    const http = { ...HTTP.http, service: 'api', within: '1s', interval: '1s' };
    const release = releaseWith([{ name: 'alive', http }]);
    const good = await judge(release, { 'api-next': 200, api: 500 });
    expect(good.judgement).toMatchObject({
      verdict: 'passed',
      summary: 'the copy was ready, and 1 check passed',
    });
    const bad = await judge(release, { 'api-next': 500, api: 200 });
    expect(bad.judgement.verdict).toBe('failed');
    expect(bad.judgement.summary).toMatch(
      /^check alive: GET \/healthz of Service api-next answered 500, not 200/,
    );
  });
});

describe('judging.json', () => {
  const at = new Date('2026-11-30T12:05:00Z');
  const own: JudgedStep = {
    ...{ at: 1, verdict: 'passed', falseAlarm: 0.01 },
    window: { from: new Date(TIMES.since), to: new Date(TIMES.due) },
    checks: [
      {
        ...{ name: 'latency', kind: 'values', verdict: 'passed', message: '0.30 s instead of 0.30 s' },
        ...{ unit: ' s', margin: 0.06, points: [{ at, stable: 0.3, next: null }] },
      },
    ],
    judgement: { verdict: 'passed', summary: 'good', checks: [] },
  };
  const earlier = { name: 'alive', verdict: 'passed', message: 'it answered' };
  const results = [
    { at: 0, verdict: 'passed', judged: TIMES.since, summary: 'the copy was ready', checks: [earlier] },
    { at: 1, verdict: 'passed', judged: TIMES.due, summary: 'good', checks: [] },
  ];
  const judging = judgingOf(releaseWith([], { results }), [own]);

  it('has the data of this run, and of earlier ones what the record has', () => {
    expect(judging.steps).toMatchObject([
      { at: 0, weight: 0, checks: [earlier] },
      {
        ...{ at: 1, window: { from: TIMES.since, to: TIMES.due }, 'false-alarm': 0.01 },
        checks: [{ kind: 'values', points: [{ at: at.toISOString(), stable: 0.3, next: null }] }],
      },
    ]);
  });

  it('is as its schema says', () => {
    expect(parseStepFile(judgingSchema, JSON.stringify(judging), 'judging.json')).toEqual(judging);
  });

  it('is what the summary shows', () => {
    const shown = judgingMarkdown(shownSteps(judging));
    expect(shown).toContain('latency');
    expect(shown).toContain('it answered');
  });
});
