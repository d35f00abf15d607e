import { describe, expect, it } from '@jest/globals';
import { type Alike, type DestinationStatus, defined, type LiveRelease } from '@slipway/core';
import { alikeIn } from '../src/status/alike.ts';
import type { SeenDestination } from '../src/status/seen.ts';

const [OLD, NEW] = ['c'.repeat(40), 'd'.repeat(40)];

/** Fields that are to be absent are undefined. */
type Changes<Of> = { readonly [Key in keyof Of]?: Of[Key] | undefined };

const live = (changes: Changes<LiveRelease> = {}): LiveRelease =>
  defined({
    ...{ source: 'note', release: 5, deploymentTag: 'v5', commit: 'a'.repeat(40), configCommit: NEW },
    ...{ verdict: 'succeeded', since: '2026-11-20T10:00:00Z', beside: { set: [], sharedRevisions: {} } },
    ...changes,
  }) as LiveRelease;

const row = (destination: string, changes: Changes<DestinationStatus> = {}): DestinationStatus =>
  defined({
    ...{ formation: 'production', destination, namespace: 'shop', state: 'fine', live: live() },
    ...{ attention: [], waiting: [], unknown: [], limits: [], drift: { compared: 3, objects: [] } },
    ...changes,
  }) as DestinationStatus;

const older = live({ release: 4, deploymentTag: 'v4', since: '2026-11-19T10:00:00Z' });

/** @param declared how many destinations the formation has */
function compare(rows: readonly DestinationStatus[], declared = rows.length) {
  const destinations = Object.fromEntries(Array.from({ length: declared }, (_, index) => [`d${index}`, {}]));
  const seen = rows.map(({ formation, destination }) => ({
    target: { identity: { formation, destination }, checkout: { formation: { spec: { destinations } } } },
  }));
  return alikeIn(rows, seen as unknown as SeenDestination[]);
}

/** What is said of one destination beside one that has the latest release. */
function beside(changes: Changes<DestinationStatus>) {
  const nothing: Alike = { formation: '', alike: [], different: [], unknown: [] };
  const [{ alike, different, unknown } = nothing] = compare([row('eu'), row('us', changes)]);
  expect([
    ...alike,
    ...different.map(one => one.destination),
    ...unknown.map(one => one.destination),
  ]).toHaveLength(2);
  return { isAlike: alike.includes('us'), how: different[0]?.how, why: unknown[0]?.why };
}

describe('destinations of a formation', () => {
  it('are alike where all run the latest release as it was released', () => {
    expect(compare([row('eu'), row('us')])).toEqual([
      {
        ...{ formation: 'production', alike: ['eu', 'us'], different: [], unknown: [] },
        latest: {
          ...{ deploymentTag: 'v5', commit: 'a'.repeat(40), configCommit: NEW },
          ...{ destination: 'eu', since: '2026-11-20T10:00:00Z' },
        },
      },
    ]);
  });

  it.each<[string, Changes<DestinationStatus>, string]>([
    ['the images are others', { live: older }, 'runs v4 (release 4) and not v5'],
    [
      'it was rolled back',
      { live: { ...older, release: 6, restores: 4, since: '2026-11-21T10:00:00Z' } },
      'runs v4 (release 6, a rollback to release 4) and not v5',
    ],
    [
      'the configuration is of another commit',
      { live: live({ configCommit: OLD, since: '2026-11-19T10:00:00Z' }) },
      'its configuration is of commit cccccccccccc and not of dddddddddddd',
    ],
    [
      'another checkout was at another commit',
      { live: live({ since: '2026-11-19T10:00:00Z', beside: { set: [], sharedRevisions: { lib: OLD } } }) },
      '"lib" is of cccccccccccc and not of no commit',
    ],
    ['the release failed there', { live: live({ verdict: 'failed' }) }, 'release 5 ended as failed'],
    [
      'something was changed since',
      {
        drift: {
          compared: 3,
          objects: [
            {
              object: { apiVersion: 'v1', kind: 'ConfigMap', name: 'a' },
              change: 'removed',
              fields: [],
              by: [],
            },
          ],
        },
      },
      '1 object was changed or removed since the release',
    ],
    ['nothing is recorded there', { live: undefined, kept: 0 }, 'nothing is released here'],
  ])('differ where %s', (_, changes, how) => {
    expect(beside(changes)).toEqual({ isAlike: false, how: [how], why: undefined });
  });

  it.each<[string, Changes<DestinationStatus>, string]>([
    ['something could not be read', { unknown: ['the drift of X'] }, 'the drift of X'],
    ['its release is open', { live: live({ verdict: undefined }) }, 'release 5 has no verdict'],
    [
      'the commit of its configuration is not noted',
      { live: live({ configCommit: undefined }) },
      'the commit of its configuration is not noted: deploy again',
    ],
    [
      'an earlier version noted the release',
      { live: live({ beside: undefined }) },
      'what it was rendered with besides that commit is not noted: deploy again',
    ],
    [
      'its run set values',
      { live: live({ beside: { set: ['a.b'], sharedRevisions: {} } }) },
      'its run set values that no commit has: a.b',
    ],
    ['no object was compared', { drift: { compared: 0, objects: [] } }, 'none of its objects was compared'],
    [
      'a release in steps is open',
      {
        open: {
          release: 6,
          phase: 'waiting',
          step: 1,
          steps: 2,
          weight: 20,
          stable: 5,
          waitingFor: 'commit',
        },
      },
      'release 6 goes in steps: step 1 of 2, at 20 %, waiting for commit; all others have release 5',
    ],
  ])('are not known to be alike where %s', (_, changes, why) => {
    expect(beside(changes)).toEqual({ isAlike: false, how: undefined, why: [why] });
  });

  it('may have a newer release where nothing of it is known, and still is not the one to compare with', () => {
    const [found] = compare([row('eu'), row('us', { live: undefined, unknown: ['it does not answer'] })]);
    expect(found).toMatchObject({
      latest: { destination: 'eu' },
      unknown: [
        { destination: 'us', why: ['it does not answer', 'it may have a newer release than the others'] },
      ],
    });
  });

  it('take the latest of what the registry knows of a cluster that does not answer', () => {
    const lost = live({ source: 'registry', deploymentTag: 'v6', since: '2026-11-22T10:00:00Z' });
    const [found] = compare([row('eu'), row('us', { live: lost, unknown: ['it does not answer'] })]);
    expect(found).toMatchObject({
      ...{ latest: { deploymentTag: 'v6', destination: 'us' }, alike: [] },
      ...{ different: [{ destination: 'eu' }], unknown: [{ destination: 'us' }] },
    });
  });

  it('do not take a note for the latest that is not known to be true', () => {
    const faked = live({ deploymentTag: 'v9', since: '2026-11-29T10:00:00Z' });
    const [found] = compare([row('eu'), row('us', { live: faked, unknown: ['no release is recorded'] })]);
    expect(found).toMatchObject({ latest: { deploymentTag: 'v5' }, alike: ['eu'] });
  });

  it('are all unknown where nothing is known to have succeeded', () => {
    const failed = { live: live({ verdict: 'failed' }) };
    const [found] = compare([row('eu', failed), row('us', failed)]);
    expect(found).not.toHaveProperty('latest');
    expect(found).toMatchObject({ alike: [], different: [], unknown: [{}, {}] });
  });

  it('are not compared where only some were looked at, or there is one', () => {
    expect(compare([row('eu'), row('us')], 3)).toEqual([]);
    expect(compare([row('eu')])).toEqual([]);
  });
});
