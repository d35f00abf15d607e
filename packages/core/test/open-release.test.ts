import { describe, expect, it } from '@jest/globals';
import { openReleaseOf, openReleaseSentence, type Release, type ReleaseSteps } from '../src/index.ts';

const TIMES = { due: '2026-11-29T12:10:00Z', expires: '2026-11-30T12:00:00Z' };

const inSteps = (changes: Partial<ReleaseSteps>): Pick<Release, 'number' | 'steps' | 'verdict'> => ({
  number: 42,
  steps: {
    list: [{ weight: 0 }, { weight: 20 }, { weight: 50 }],
    target: { at: 1, selector: 'both', asked: 20, real: 20, sizes: { api: 1 } },
    times: TIMES,
    stable: { release: 41, workloads: [] },
    held: [],
    ...changes,
  },
});

describe('an open release in steps', () => {
  it.each<readonly [string, Partial<ReleaseSteps>, string]>([
    ['bakes', { phase: 'baking' }, 'judged at 2026-11-29T12:10:00Z'],
    ['has begun', { phase: 'starting', times: { expires: TIMES.expires } }, 'it has begun'],
    [
      'waits for a decision until it expires',
      { phase: 'waiting', 'waiting-for': 'commit' },
      'waiting for commit until 2026-11-30T12:00:00Z, when it is undone',
    ],
    [
      'waits for time until it is judged',
      { phase: 'waiting', 'waiting-for': 'time' },
      'waiting for time until 2026-11-29T12:10:00Z',
    ],
    ['is being committed', { phase: 'committing' }, 'it is being committed'],
    [
      'is being undone, whatever that waits for',
      { phase: 'undoing', 'waiting-for': 'stable' },
      'it is being undone',
    ],
  ])('%s', (_what, changes, doing) => {
    const open = openReleaseOf(inSteps(changes));
    expect(open && openReleaseSentence(open)).toBe(
      `release 42 goes in steps: step 1 of 2, at 20 %, ${doing}; all others have release 41`,
    );
  });

  it('is not one that is closed, nor one without steps', () => {
    expect(openReleaseOf({ ...inSteps({ phase: 'baking' }), verdict: 'rolled-back' })).toBeUndefined();
    expect(openReleaseOf(inSteps({}))).toBeUndefined();
    expect(openReleaseOf({ number: 42 })).toBeUndefined();
  });
});
