import { describe, expect, it } from '@jest/globals';
import type { Release, Verdict } from '@slipway/core';
import { fakeRunner } from '@slipway/github/testing';
import { stepsState } from '@slipway/testkit/releases';
import { notAwaited, refuseNeverAwaited } from '../src/steps/awaited.ts';
import {
  type Became,
  closedOtherwise,
  isAsDecided,
  isPlannedWait,
  isSuccess,
  numberMissing,
  openFailure,
  setStepsOutputs,
} from '../src/steps/outcome.ts';
import { firstTerms, refuseOtherTerms } from '../src/steps/terms.ts';

const now = new Date('2026-11-30T12:00:00Z');
const release = (steps = stepsState()): Release => ({ number: 42, steps }) as Release;

describe('a release that waits lets its step succeed', () => {
  it.each(['commit', 'time', 'step-2'])('at a pause, for time and for a judgement: %s', awaited => {
    expect(isPlannedWait(release(), awaited, now)).toBe(true);
  });

  it.each(['foreign-edit', 'stable', 'commit-refused'])('never for what has to be put right: %s', awaited => {
    expect(isPlannedWait(release(), awaited, now)).toBe(false);
  });

  it('never while it is committed or undone, and not once it has expired', () => {
    expect(isPlannedWait(release(stepsState({ phase: 'undoing' })), 'stable', now)).toBe(false);
    expect(isPlannedWait(release(stepsState({ phase: 'committing' })), 'commit', now)).toBe(false);
    const times = { expires: '2026-11-30T11:00:00Z' };
    expect(isPlannedWait(release(stepsState({ times })), 'commit', now)).toBe(false);
  });
});

it('the outputs say where an open release is, and nothing of where a closed one was', () => {
  const runner = fakeRunner();
  setStepsOutputs(release(stepsState({ times: { due: '2026-11-30T12:10:00Z' } })), runner);
  expect(runner.outputs).toEqual({
    release: '42',
    phase: 'waiting',
    step: '2',
    weight: '50',
    until: '2099-01-01T00:00:00Z',
    'waiting-for': 'commit',
  });
  const { 'waiting-for': _awaited, ...baking } = stepsState({ times: { due: '2026-11-30T12:10:00Z' } });
  setStepsOutputs(release({ ...baking, phase: 'baking' }), runner);
  expect(runner.outputs['until']).toBe('2026-11-30T12:10:00Z');
  const { phase: _, 'waiting-for': __, ...closed } = stepsState();
  setStepsOutputs({ ...release(closed), verdict: 'rolled-back' } as Release, runner);
  expect(runner.outputs).toMatchObject({ phase: '', weight: '', until: '', 'waiting-for': '' });
});

describe('what became of a release in steps', () => {
  type By = NonNullable<NonNullable<Release['steps']>['undo']>['by'];
  const undone = (by: By): Pick<Release, 'steps'> => ({
    steps: stepsState({ undo: { verdict: 'rolled-back', by, why: 'x' } }),
  });
  const became = (verdict: Verdict['verdict'], by: By): Became => ({
    ...{ verdict: { verdict }, release: undone(by) },
  });
  const reject = { what: 'reject' } as const;
  const goOn = { what: 'continue', name: 'commit' } as const;

  it('is a success if it was committed, or undone because this run was to undo it', () => {
    expect(isSuccess(became('succeeded', 'newer'), undefined)).toBe(true);
    expect(isSuccess(became('rolled-back', 'decision'), reject)).toBe(true);
  });

  it.each(['judgement', 'health', 'expires', 'unwatched', 'newer'] as const)(
    'is not one if it was undone by %s, whatever this run was to do',
    by => {
      for (const decision of [undefined, goOn, reject])
        expect(isSuccess(became('rolled-back', by), decision)).toBe(false);
    },
  );

  it('is a success for a reject that finds it undone already, whatever had undone it', () => {
    const before = { ...became('rolled-back', 'health'), wasClosed: true };
    expect(isSuccess(before, reject)).toBe(true);
    expect(isSuccess(before, undefined)).toBe(false);
  });

  it('is not one for a run that was to continue what another run has rejected', () => {
    expect(isSuccess(became('rolled-back', 'decision'), goOn)).toBe(false);
    expect(isSuccess(became('rolled-back', 'decision'), undefined)).toBe(false);
  });

  it.each(['superseded', 'rollback-failed', 'failed', 'timed-out'] as const)(
    'is not one if it is %s',
    verdict => {
      expect(isSuccess(became(verdict, 'decision'), reject)).toBe(false);
    },
  );

  it('leaves nothing to do for a decision that it agrees with, and refuses any other', () => {
    const closed = (verdict: Release['verdict']): Pick<Release, 'verdict'> => ({ verdict }) as Release;
    expect(isAsDecided(closed('rolled-back'), reject)).toBe(true);
    expect(isAsDecided(closed('succeeded'), goOn)).toBe(true);
    expect(isAsDecided(closed('succeeded'), { what: 'promote' })).toBe(true);
    expect(isAsDecided(closed('succeeded'), reject)).toBe(false);
    expect(isAsDecided(closed('rolled-back'), goOn)).toBe(false);
    expect(closedOtherwise({ ...release(), verdict: 'succeeded' }, 'reject').message).toContain(
      '"reject" was not carried out: release 42 is closed as succeeded',
    );
  });
});

describe('a step that is only for what a release waits for', () => {
  it.each(['commit', 'time', 'step-2', 'foreign-edit', 'stable', 'commit-refused'])('may name %s', name => {
    expect(() => refuseNeverAwaited(release(), name)).not.toThrow();
  });

  it('does not succeed by doing nothing for a name that the release can never wait for', () => {
    const refused = (name: string, list = stepsState().list): string => {
      try {
        refuseNeverAwaited(release(stepsState({ list })), name);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused('comit')).toBe(
      'nothing was done about release 42: it can never wait for "comit"; correct "if-waiting-for": did you mean "commit"?',
    );
    expect(refused('step-7')).toContain('correct "if-waiting-for": its pauses are commit');
    expect(refused('qa', [{ weight: 50 }])).toContain('it has no pauses');
    expect(refused('')).toBe('');
  });

  it('says where the release is instead', () => {
    const { 'waiting-for': _, ...others } = stepsState();
    expect([
      notAwaited(release(), 'qa'),
      notAwaited(release({ ...others, phase: 'committing' }), 'commit'),
      notAwaited({ ...release(), verdict: 'succeeded' }, 'commit'),
    ]).toEqual([
      'Release 42 waits for commit, and does not wait for qa: nothing is done',
      'Release 42 is committing, and does not wait for commit: nothing is done',
      'Release 42 is closed as succeeded, and does not wait for commit: nothing is done',
    ]);
  });
});

describe('a decision without the number of a release', () => {
  it('says what is open, and what it waits for', () => {
    const { problems } = numberMissing({ what: 'continue', name: 'commit' }, release());
    expect(problems[0]).toMatchObject({
      code: 'decision-impossible',
      message:
        'nothing was decided: "continue commit" names no release; release 42 is open and waits for commit',
      remedy: expect.stringContaining('give the number in "release"'),
    });
    const { 'waiting-for': _, ...others } = stepsState();
    expect(numberMissing({ what: 'promote' }, release({ ...others, phase: 'baking' })).message).toContain(
      'release 42 is open and is baking',
    );
  });

  it('is not carried out where nothing is open, and says so', () => {
    expect(numberMissing({ what: 'reject' }, undefined).message).toContain('no release in steps is open');
  });
});

it('a step that ends while its release is open says at which share, for what it waits, and how to decide', () => {
  const { problems } = openFailure(release(), {
    ...{ ended: 'open', release: release(), waitingFor: 'commit', now },
    says: 'it waits for commit',
  });
  expect(problems[0]).toMatchObject({
    code: 'release-open',
    message: 'release 42 is open at 50 % and waits for commit',
    remedy: expect.stringContaining('decide with "release: 42"'),
  });
});

describe('a release that is open is told with the ways that are possible now', () => {
  const waysOf = (waitingFor: string, steps = stepsState()): string | undefined =>
    openFailure(release(steps), {
      ...{ ended: 'open', release: release(steps), waitingFor, now, says: 'x' },
    }).problems[0]?.remedy;

  it.each<[string, string]>([
    ['commit', '"continue commit", "promote" or "reject"'],
    ['step-2', '"continue step-2", "promote" or "reject"'],
    ['commit-refused', '"continue commit-refused", or "reject"'],
    ['time', '"promote" or "reject"'],
  ])('which at %s are decisions', (awaited, ways) => {
    expect(waysOf(awaited)).toContain(`decide with "release: 42" and "decision": ${ways}`);
  });

  it.each(['time', 'stable', 'foreign-edit'])('and no decision to continue for %s', awaited => {
    expect(waysOf(awaited)).not.toContain(`"continue ${awaited}",`);
  });

  it('which for an edit are to take it back, or to reject; by force only what is not of stable', () => {
    expect(waysOf('foreign-edit')).toBe(
      'take the edit back and run verify-rollout again, or decide with "release: 42" and "decision": "reject"; "continue foreign-edit" takes a selector or a copy back by force, and neither stable nor a Service that is gone',
    );
    expect(waysOf('stable')).not.toMatch(/promote|continue|may-wait/);
  });

  it('which in an undo has no decision, and puts right what it waits for', () => {
    expect(waysOf('stable', stepsState({ phase: 'undoing' }))).toBe(
      'put that right and run verify-rollout again: the undo is carried to its end',
    );
    expect(waysOf('foreign-edit', stepsState({ phase: 'committing' }))).toContain(
      'put that right and run verify-rollout again: the commit is carried to its end',
    );
  });
});

describe('the terms of the steps', () => {
  const inputs = (changes: object = {}) => ({
    inputs: { stableFor: undefined, timeout: undefined, prometheus: undefined, ...changes } as never,
    own: { checks: [], rules: [] },
  });
  const verified = { ...release(), verify: { timeout: '3m' } } as Release;

  it('are those of the inputs, else of the formation, else the defaults', () => {
    expect(firstTerms(verified, inputs({ stableFor: 5_000 }))).toEqual({ 'stable-for': '5s', timeout: '3m' });
  });

  it('keep no password that the address of Prometheus has', () => {
    const prometheus = { address: 'https://shop:secret@prometheus.acme.io/', token: 't' };
    const set = firstTerms(verified, inputs({ prometheus }));
    expect(set.prometheus).toBe('https://prometheus.acme.io/');
    expect(() => refuseOtherTerms(verified, set, inputs({ prometheus }))).not.toThrow();
  });

  it('hold for later runs, which need not repeat them and may not change them', () => {
    const set = firstTerms(verified, inputs({ stableFor: 5_000 }));
    expect(() => refuseOtherTerms(verified, set, inputs())).not.toThrow();
    expect(() => refuseOtherTerms(verified, set, inputs({ stableFor: 5_000 }))).not.toThrow();
    expect(() => refuseOtherTerms(verified, set, inputs({ stableFor: 6_000 }))).toThrow(
      expect.objectContaining({ code: 'terms-differ' }),
    );
  });
});
