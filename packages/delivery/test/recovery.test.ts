import { describe, expect, it } from '@jest/globals';
import type { Hold, Removal, Verdict } from '@slipway/core';
import type { FoundFormation } from '../src/formation/found-formation.ts';
import { judgeLost, type LastPassed } from '../src/recovery/judge.ts';
import { notRestored } from '../src/recovery/not-restored.ts';
import { inOrder } from '../src/recovery/order.ts';
import { livedWith } from '../src/recovery/same-cluster.ts';

const DIGEST = `sha256:${'d'.repeat(64)}`;
const COMMIT = 'c'.repeat(40);
const NOW = new Date('2026-11-30T12:00:00Z');

const verdict = (changes: Partial<Verdict> = {}): Verdict => ({
  ...{ apiVersion: 'slipway.dev/v1', kind: 'Verdict', verdict: 'succeeded', application: 'shop' },
  ...{ formation: 'production', destination: 'eu', namespace: 'shop', release: 4, deploymentTag: 'v4' },
  ...{ configRevision: COMMIT, digest: DIGEST, released: '2026-11-20T10:59:00Z' },
  ...{ started: '2026-11-20T11:00:00Z', finished: '2026-11-20T11:01:00Z', summary: 'why', objects: [] },
  ...changes,
});

const hold: Hold = { by: 'mia', reason: 'an audit', since: '2026-11-20T12:00:00.000Z' };

interface Given {
  readonly latest?: Verdict | undefined;
  readonly removal?: Removal;
  readonly hold?: Hold;
  readonly passed?: { readonly verdict?: Verdict; readonly why?: string };
  readonly keepsHolds?: boolean;
}

function judge(given: Given) {
  const latest = 'latest' in given ? given.latest : verdict();
  const { removal, hold: held, keepsHolds = true } = given;
  const passed = given.passed ?? (latest?.verdict === 'succeeded' ? { verdict: latest } : {});
  return judgeLost({ latest, removal, hold: held, passed }, { namespace: 'shop', keepsHolds, now: NOW });
}

describe('what last passed at a destination whose cluster is lost', () => {
  it('is the newest release where that succeeded', () => {
    expect(judge({})).toMatchObject({
      state: 'ready',
      passed: {
        deploymentTag: 'v4',
        revision: COMMIT,
        left: { digest: DIGEST },
        began: '2026-11-20T10:59:00Z',
      },
    });
  });

  it('is what a release that failed was rolled back to by itself', () => {
    const rolledBackTo = {
      ...{ release: 3, as: 5, deploymentTag: 'v3', configRevision: COMMIT, digest: DIGEST },
    };
    const latest = verdict({ verdict: 'rolled-back', rolledBackTo });
    expect(judge({ latest })).toMatchObject({ state: 'ready', passed: { deploymentTag: 'v3' } });
  });

  it('is the one before a release that failed and was left, and that is said', () => {
    const latest = verdict({ verdict: 'failed', release: 5, deploymentTag: 'v5' });
    expect(judge({ latest, passed: { verdict: verdict() } })).toMatchObject({
      state: 'ready',
      passed: { deploymentTag: 'v4', note: 'the newest release there, 5, ended as failed' },
    });
  });

  it.each<[string, Given, RegExp]>([
    ['there never was one', { latest: undefined }, /no verdict on a release/],
    [
      'it was removed',
      { removal: { by: 'ada', at: '2026-11-21T10:00:00Z', namespace: 'shop' } as Removal },
      /^"ada" removed it at/,
    ],
  ])('does not exist where %s', (_, given, why) => {
    expect(judge(given)).toEqual({ state: 'nothing', why: expect.stringMatching(why) });
  });

  it.each<[string, Given, RegExp]>([
    ['the formation is held', { hold }, /^it is held by "mia" since .*: "an audit"$/],
    [
      'it was held and only its cluster knew whether that was lifted',
      { latest: verdict({ hold }), keepsHolds: false },
      /^it was held by "mia".*only its cluster knew$/,
    ],
    [
      'it was removed in part',
      {
        removal: {
          by: 'ada',
          at: '2026-11-21T10:00:00Z',
          namespace: 'shop',
          incomplete: 'x',
        } as unknown as Removal,
      },
      /only in part$/,
    ],
    ['it was in another namespace', { latest: verdict({ namespace: 'old' }) }, /namespace "old"/],
    [
      'what passed was rolled back by hand',
      {
        latest: verdict({ verdict: 'rolled-back' }),
        passed: {
          why: 'the verdict on "v4" cannot be used: a later run with this snapshot ended as rolled-back',
        },
      },
      /ended as rolled-back, and which one last passed is not known: the verdict on "v4"/,
    ],
    [
      'nothing ever passed',
      { latest: verdict({ verdict: 'timed-out' }) },
      /ended as timed-out, and which one last passed is not known$/,
    ],
    ['its run set values', { latest: verdict({ set: ['a.b'] }) }, /values of its run/],
    [
      'the verdict names no commit',
      { latest: without('configRevision') },
      /does not say from which snapshot and commit/,
    ],
    ['the verdict has no digest', { latest: without('digest') }, /with which digest/],
    ['the verdict names no release', { latest: without('release') }, /which one last passed is not known/],
  ])('is refused where %s', (_, given, why) => {
    expect(judge(given)).toEqual({ state: 'refused', why: expect.stringMatching(why) });
  });

  it('is brought back where a hold has ended, or was lifted as the registry knows', () => {
    expect(judge({ hold: { ...hold, until: '2026-11-21T00:00:00Z' } }).state).toBe('ready');
    expect(judge({ latest: verdict({ hold }), keepsHolds: true }).state).toBe('ready');
  });
});

function without(field: keyof Verdict): Verdict {
  const { [field]: _, ...others } = verdict();
  return others as Verdict;
}

const FORMATIONS = new Map(
  Object.entries({ staging: {}, production: { 'promoted-from': 'staging' }, base: {} }).map(
    ([name, spec]) => [name, { spec }],
  ),
);

const target = (name: string, where: object = {}): FoundFormation => {
  const [formation = '', destination = ''] = name.split('/');
  const repository = { formations: FORMATIONS };
  const spec = FORMATIONS.get(formation)?.spec ?? {};
  return {
    identity: { application: 'shop', formation, destination, namespace: 'shop', repository: '' },
    checkout: { repository, formation: { spec }, destination: where },
  } as unknown as FoundFormation;
};

const nameOf = ({ identity }: FoundFormation): string => `${identity.formation}/${identity.destination}`;

describe('what lived in the cluster of a destination', () => {
  it.each<[string, FoundFormation[], string[], string[]]>([
    ['has its name', [target('staging/eu'), target('production/eu')], ['staging/eu', 'production/eu'], []],
    [
      'has the same context, or another one',
      [
        target('production/eu', { context: 'a' }),
        target('staging/main', { context: 'a' }),
        target('base/x', { context: 'b' }),
      ],
      ['production/eu', 'staging/main'],
      [],
    ],
    [
      'has the same server',
      [
        target('production/eu', { cluster: { server: 's' } }),
        target('base/x', { cluster: { server: 's' }, context: 'b' }),
      ],
      ['production/eu', 'base/x'],
      [],
    ],
    [
      'may be what names neither',
      [
        target('production/eu', { context: 'a' }),
        target('staging/main'),
        target('base/x', { cluster: { server: 's' } }),
      ],
      ['production/eu'],
      ['staging/main', 'base/x'],
    ],
  ])('%s', (_, targets, there, unknown) => {
    const lived = livedWith(targets, 'eu');
    expect([lived.there.map(nameOf), lived.unknown.map(nameOf)]).toEqual([there, unknown]);
  });

  it('is brought back in the order of promotions, and then of releases', () => {
    const item = (name: string, began?: string) => ({
      target: target(name),
      ...(began === undefined ? {} : { passed: { began } as LastPassed }),
    });
    const items = [
      item('production/eu', '2026-11-01T10:00:00Z'),
      item('base/unknown'),
      item('staging/main', '2026-11-03T10:00:00Z'),
      item('base/x', '2026-11-02T10:00:00Z'),
    ];
    expect(inOrder(items).map(one => nameOf(one.target))).toEqual([
      ...['base/x', 'staging/main', 'base/unknown', 'production/eu'],
    ]);
  });

  it('names Jobs and data as not restored', () => {
    const object = (kind: string, spec: object = {}) => ({
      object: { apiVersion: 'v1', kind, metadata: { name: 'x' }, spec },
      reference: { apiVersion: 'v1', kind, namespace: 'shop', name: 'x' },
    });
    const found = notRestored([
      object('Job'),
      object('PersistentVolumeClaim'),
      object('StatefulSet', { volumeClaimTemplates: [{}] }),
      object('StatefulSet'),
      object('ConfigMap'),
    ] as never);
    expect(found).toEqual([
      'what these Jobs have done is not restored; they run again: Job shop/x',
      'the data of these is not restored; they begin empty: PersistentVolumeClaim shop/x, StatefulSet shop/x',
    ]);
  });
});
