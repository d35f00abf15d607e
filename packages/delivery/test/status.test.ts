import { describe, expect, it } from '@jest/globals';
import type { LiveRelease, Removal } from '@slipway/core';
import type { Drift, ObservedFormation, StatusNote } from '@slipway/release';
import type { FoundFormation } from '../src/formation/found-formation.ts';
import { findBehind } from '../src/status/behind.ts';
import { destinationStatus } from '../src/status/destination-status.ts';
import type { CommitHistory, CommitRange } from '../src/status/history.ts';
import type { SeenDestination } from '../src/status/seen.ts';

const api = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' };
const secret = { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'database' };

const targetOf = (
  formation: string,
  destination: string,
  from?: string,
  files: object = {},
): FoundFormation => {
  const spec = {
    destinations: { [destination]: {} },
    ...(from === undefined ? {} : { 'promoted-from': from }),
  };
  const formations = new Map([['staging', { spec: { destinations: { main: {} } } }]]);
  return {
    identity: { application: 'shop', formation, destination, namespace: 'shop', repository: 'acme/shop' },
    checkout: {
      repository: { formations, sharedDirectories: [], formationFiles: new Map(), ...files },
      ...{ formation: { spec }, destination: {} },
    },
  } as unknown as FoundFormation;
};

const live = (changes: Partial<LiveRelease> = {}): LiveRelease => ({
  ...{ source: 'record', release: 4, deploymentTag: 'v4', commit: 'a'.repeat(40), verdict: 'succeeded' },
  ...changes,
});

const NOW = new Date('2026-11-20T12:00:00Z');

const NO_DRIFT: Drift = { found: [], compared: 2, unread: [], unnoted: [], copies: [] };
const observed = (changes: Partial<ObservedFormation> = {}): ObservedFormation => ({
  release: { number: 4, deployed: '', objects: [api], objectCount: 1 } as StatusNote,
  ...{
    isRecorded: true,
    kept: 3,
    recordProblems: [],
    hold: { state: 'none' },
    lock: { state: 'free' },
    drift: NO_DRIFT,
  },
  health: [{ object: api, state: 'ready', healthy: true, readable: true, message: '', ran: false }],
  ...changes,
});

const stateOf = (changes: Partial<ObservedFormation>, release = live()) => {
  const seen = { target: targetOf('production', 'eu'), observed: observed(changes), live: release };
  return destinationStatus(seen, {}, NOW);
};

const healthOf = (state: 'ready' | 'failed' | 'in-progress' | 'unknown', readable = true) => [
  { object: api, state, readable, healthy: state === 'ready', message: 'why', ran: false },
];

const open: NonNullable<ObservedFormation['open']> = {
  ...{ release: 5, phase: 'waiting', step: 1, steps: 2, weight: 20, stable: 4 },
  ...{ waitingFor: 'commit', until: '2026-11-21T12:00:00Z' },
};

describe('a destination', () => {
  it('waits where a release in steps is open, with its step, its weight, what it waits for and until when', () => {
    const seen = stateOf({ open });
    expect(seen).toMatchObject({ state: 'waiting', open, live: { release: 4 } });
    expect(seen.waiting).toEqual([
      'release 5 goes in steps: step 1 of 2, at 20 %, waiting for commit until 2026-11-21T12:00:00Z, when it is undone; all others have release 4',
    ]);
  });

  it('does not say twice that the release that is being committed is open', () => {
    const committing = { ...open, release: 4, phase: 'committing' as const, stable: 3 };
    const { verdict: _, ...unverified } = live();
    expect(stateOf({ open: committing }, unverified).waiting).toHaveLength(1);
  });

  it('needs attention where a temporary copy is left without a release, and says what to do', () => {
    const seen = stateOf({ copies: { names: ['api-next', 'web-next'], areLeft: true } });
    expect(seen).toMatchObject({ state: 'attention', waiting: [] });
    expect(seen.attention).toEqual([
      'no release in steps is open, and there is the temporary copy Deployment api-next and Deployment web-next, which may have users: find out whether someone deleted the record of a release, and restore that Secret; or see that the Services send to stable, and remove it: kubectl --namespace shop delete deployment api-next web-next',
    ]);
  });

  it('needs attention where something keeps the undo of a release from its end, and says what to do', () => {
    const undoing = { ...open, phase: 'undoing' as const, waitingFor: 'foreign-edit' };
    const seen = stateOf({ open: undoing, stranger: 'Deployment api-next is of someone else; delete it' });
    expect(seen).toMatchObject({ state: 'attention' });
    expect(seen.attention).toEqual([
      'the undo of release 5 waits: Deployment api-next is of someone else; delete it; then run verify-rollout with "release: 5"',
    ]);
  });

  it('waits where only the note says that the release of a copy is open', () => {
    const { verdict: _, ...unverified } = live();
    const seen = stateOf({ copies: { names: ['api-next'], areLeft: false }, kept: undefined }, unverified);
    expect(seen).toMatchObject({ state: 'waiting', attention: [] });
    expect(seen.waiting).toContain(
      'there is the temporary copy Deployment api-next: whether its release is still open is not known without the right to Secrets, and verify-rollout with "release: open" says so',
    );
  });

  it('is fine only where everything was seen', () => {
    expect(stateOf({})).toMatchObject({ state: 'fine', unknown: [], attention: [], waiting: [] });
  });

  it.each<[string, Partial<ObservedFormation>]>([
    ['the health of an object', { health: healthOf('unknown', false) }],
    ['the drift of an object that is not a Secret', { drift: { ...NO_DRIFT, unread: [secret, api] } }],
    ['what an object had', { drift: { ...NO_DRIFT, unnoted: [api] } }],
    [
      'whether it is held',
      { hold: { state: 'unknown', problem: { code: 'hold-unreadable', message: 'x' } } },
    ],
    ['its record', { recordProblems: [{ code: 'record-broken', message: 'x' }] }],
    ['whether what is noted was ever released', { isRecorded: false, kept: 0 }],
    ['any release', { release: undefined, kept: undefined }],
    [
      'objects for which the note had no room',
      { release: { ...observed().release, objectCount: 2 } as StatusNote },
    ],
    [
      'which objects the release has',
      { release: { ...observed().release, objectCount: undefined } as StatusNote },
    ],
    [
      'objects of which the note lists more than it counts',
      { release: { ...observed().release, objectCount: 0 } as StatusNote },
    ],
    [
      'whether the run that holds the lock still works',
      { lock: { state: 'unknown', why: 'it has no times', holder: { by: 'a run' } } },
    ],
    ['who holds the lock', { lock: { state: 'unknown', why: 'these credentials may not get the Lease' } }],
    [
      'its own release, but that of another',
      { release: { ...observed().release, destination: 'us' } as StatusNote },
    ],
  ])('is unknown where it is not known: %s', (_, changes) => {
    const { state, unknown } = stateOf(changes);
    expect([state, unknown.length]).toEqual(['unknown', 1]);
  });

  it.each<[string, Partial<ObservedFormation>, Partial<LiveRelease>]>([
    ['an object is not ready', { health: healthOf('in-progress') }, {}],
    ['an object failed', { health: healthOf('failed') }, {}],
    ['the release failed', {}, { verdict: 'failed' }],
    [
      'something drifted',
      { drift: { ...NO_DRIFT, found: [{ object: api, change: 'removed', fields: [], by: [] }] } },
      {},
    ],
    [
      'a run has left its lock behind',
      { lock: { state: 'stale', holder: { by: 'a run', renewed: '2026-11-20T10:00:00.000Z' } } },
      {},
    ],
  ])('needs attention where %s', (_, changes, release) => {
    expect(stateOf(changes, live(release))).toMatchObject({
      state: 'attention',
      attention: [expect.any(String)],
    });
  });

  it('from which a formation was removed is said to be that, whether or not Secrets may be read', () => {
    const removed = { at: '2026-11-20T11:00:00.000Z', by: 'ada', reason: 'the\ntrial' } as Removal;
    for (const kept of [0, undefined]) {
      const nothing = observed({ ...{ release: undefined, kept, drift: undefined }, health: [] });
      const target = targetOf('production', 'eu');
      const seen = { target, observed: nothing, live: undefined, lastKnown: { removed } };
      expect(destinationStatus(seen, {}, NOW)).toMatchObject({
        ...{ state: 'waiting', attention: [], unknown: [] },
        waiting: ['removed on 2026-11-20T11:00:00.000Z by ada: the trial'],
      });
    }
  });

  it('keeps what is unknown above what is wrong, and says both', () => {
    const both = stateOf({ health: [...healthOf('failed'), ...healthOf('unknown', false)] });
    expect(both).toMatchObject({ state: 'unknown', attention: [expect.any(String)] });
  });

  it.each(['2099-01-01T00:00:00Z', 'soon'])(
    'is unknown where its release has a time that cannot be, %s',
    since => {
      const { state, unknown } = stateOf({}, live({ since }));
      expect([state, unknown]).toEqual(['unknown', [expect.stringContaining(`"${since}" cannot be`)]]);
    },
  );

  it('is told in one line each, whatever someone wrote', () => {
    const reason = `an audit\nfine production/us\u202e${'x'.repeat(100_000)}`;
    const hold = { by: 'mia', reason, since: '2026-11-20T10:00:00Z' };
    const [sentence = ''] = stateOf({ hold: { state: 'held', hold } }).waiting;
    expect(sentence).toMatch(/^on hold since \S+ by mia: an audit fine production\/us\ufffdx+…$/);
    expect(sentence.length).toBeLessThan(700);
  });

  it('that never had a release waits for one', () => {
    const seen = { target: targetOf('production', 'eu'), live: undefined };
    const empty = observed({ release: undefined, kept: 0, health: [], drift: undefined });
    expect(destinationStatus({ ...seen, observed: empty }, {}, NOW)).toMatchObject({
      ...{ state: 'waiting', waiting: ['nothing has been released here'] },
    });
  });

  it('waits for the verdict on an open release, and says what to do where no run will have one', () => {
    const { verdict: _, ...open } = live();
    expect(stateOf({}, open)).toMatchObject({
      state: 'waiting',
      waiting: [
        'release 4 has no verdict: it is being deployed or verified, or its run ended before that, so that the job has to be run again',
      ],
    });
  });

  it('waits for the run that holds the lock, and says which one since when', () => {
    const holder = { by: 'https://github.com/acme/shop/actions/runs/7', since: '2026-11-20T10:00:00.000Z' };
    expect(stateOf({ lock: { state: 'held', holder } })).toMatchObject({
      ...{ state: 'waiting', lock: { ...holder, isStale: false } },
      waiting: [
        'locked by https://github.com/acme/shop/actions/runs/7 since 2026-11-20T10:00:00.000Z: a run is at work',
      ],
    });
  });

  it.each<[string, Partial<SeenDestination>, string]>([
    [
      'needs attention where the registry has a release of it',
      { live: live({ source: 'registry' }) },
      'attention',
    ],
    [
      'is unknown where the registry does not answer',
      { lastKnown: { problem: 'it does not answer' } },
      'unknown',
    ],
    ['waits for a release where the registry has none either', { lastKnown: {} }, 'waiting'],
  ])('without anything recorded %s', (_, seen, state) => {
    const empty = observed({ release: undefined, kept: 0, health: [], drift: undefined });
    const target = targetOf('production', 'eu');
    const row = destinationStatus(
      { target, observed: empty, live: undefined, lastKnown: {}, ...seen },
      {},
      NOW,
    );
    expect([row.state, row.attention.length + row.waiting.length + row.unknown.length]).toEqual([state, 1]);
    expect(row).not.toHaveProperty('health');
  });

  it('says of Secrets that were not compared, and is fine all the same', () => {
    expect(stateOf({ drift: { ...NO_DRIFT, unread: [secret] } })).toMatchObject({
      ...{ state: 'fine', limits: ['1 Secret not compared'] },
    });
  });
});

describe('how far a destination is behind', () => {
  const staging = (changes: Partial<LiveRelease> = {}): SeenDestination => ({
    target: targetOf('staging', 'main'),
    live: live({ deploymentTag: 'v6', commit: 'b'.repeat(40), ...changes }),
  });
  const production = (changes: Partial<LiveRelease> = {}): SeenDestination => ({
    target: targetOf('production', 'eu', 'staging'),
    live: live(changes),
  });
  const asked: CommitRange[][] = [];
  const history: CommitHistory = {
    async between(ranges) {
      asked.push([...ranges]);
      return ranges.map(() => ({ count: 2, isMore: false, commits: [], pulls: [] }));
    },
  };

  it('is counted once for all destinations of a formation', async () => {
    asked.length = 0;
    const seen = [staging(), production(), production({ commit: 'c'.repeat(40) })];
    const found = await findBehind(seen, undefined, history);
    expect(found).toMatchObject([{}, { behind: { isBehind: true, count: 2 } }, { behind: { count: 2 } }]);
    expect(asked.map(ranges => ranges.length)).toEqual([2]);
  });

  it('is zero where both run the same', async () => {
    const [, found] = await findBehind([staging(), production({ deploymentTag: 'v6' })], undefined, history);
    expect(found?.behind).toMatchObject({ isBehind: false, count: 0 });
  });

  it('is known without GitHub, and only not counted', async () => {
    const silent: CommitHistory = { between: async () => 'the step has no token for GitHub' };
    const [, found] = await findBehind([staging(), production()], undefined, silent);
    expect(found).toMatchObject({
      ...{ behind: { isBehind: true }, limits: [expect.stringContaining('no token')] },
    });
    expect(found?.behind).not.toHaveProperty('count');
  });

  it('is unknown where it is not known what succeeded before', async () => {
    const [, found] = await findBehind([staging({ verdict: 'failed' }), production()], undefined, history);
    expect(found).toEqual({ unknown: 'what succeeded at staging/main is not known' });
  });

  it.each<[string, Partial<LiveRelease>, object]>([
    ['has the same', { configCommit: 'd'.repeat(40) }, { isBehind: false, config: { count: 0 } }],
    [
      'lacks commits, although the images are the same',
      { configCommit: 'c'.repeat(40) },
      { isBehind: true, count: 0, config: { isBehind: true, count: 2, commit: 'd'.repeat(40) } },
    ],
  ])('is counted for configuration: it %s', async (_, changes, behind) => {
    const from = staging({ configCommit: 'd'.repeat(40) });
    const [, found] = await findBehind(
      [from, production({ deploymentTag: 'v6', ...changes })],
      undefined,
      history,
    );
    expect(found).toMatchObject({ behind, limits: [] });
  });

  it('asks once for images and configuration', async () => {
    asked.length = 0;
    const seen = [staging({ configCommit: 'd'.repeat(40) }), production({ configCommit: 'c'.repeat(40) })];
    await findBehind(seen, undefined, history);
    expect(asked).toEqual([
      [
        { from: 'a'.repeat(40), to: 'b'.repeat(40), within: 'repository' },
        { from: 'c'.repeat(40), to: 'd'.repeat(40), within: 'application' },
      ],
    ]);
  });

  it.each<[string, object]>([
    ['a shared folder', { sharedDirectories: ['shared'] }],
    [
      'a chart, of a formation that is extended',
      {
        formationFiles: new Map([
          [
            'production',
            { formation: { spec: {} }, bases: [{ formation: { spec: { sources: {} } }, bases: [] }] },
          ],
        ]),
      },
    ],
  ])('counts every commit for configuration that has %s', async (_, files) => {
    asked.length = 0;
    const changed = live({ configCommit: 'c'.repeat(40) });
    const target = targetOf('production', 'eu', 'staging', files);
    await findBehind(
      [staging({ configCommit: 'd'.repeat(40) }), { target, live: changed }],
      undefined,
      history,
    );
    expect(asked.flat().map(({ within }) => within)).toEqual(['repository', 'repository']);
  });

  it('says that a commit may not have the folder of the application', async () => {
    const nothing: CommitHistory = { between: async ranges => ranges.map(() => undefined) };
    const seen = [
      staging({ configCommit: 'd'.repeat(40) }),
      production({ deploymentTag: 'v6', configCommit: 'c'.repeat(40) }),
    ];
    const [, found] = await findBehind(seen, undefined, nothing);
    expect(found?.behind).toMatchObject({ isBehind: true, config: { isBehind: true } });
    expect(found?.limits).toEqual([expect.stringMatching(/, or not with the folder of the application$/)]);
  });

  it('says that the configuration of a release is not noted, and does not take it for the same', async () => {
    const seen = [staging({ configCommit: 'd'.repeat(40) }), production({ deploymentTag: 'v6' })];
    const [, found] = await findBehind(seen, undefined, history);
    expect(found?.behind).not.toHaveProperty('config');
    expect(found?.limits).toEqual([expect.stringContaining('not noted')]);
  });
});
