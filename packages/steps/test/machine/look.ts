import type { ReleaseSteps } from '@slipway/core';
import { type Decision, type Look, type Observed, targetOf } from '../../src/index.ts';

export const NOW = new Date('2026-11-30T12:00:00.000Z');
export const later = (minutes: number): Date => new Date(NOW.getTime() + minutes * 60_000);
export const at = (minutes: number): string => later(minutes).toISOString();

export const LIST: ReleaseSteps['list'] = [
  { weight: 0 },
  { weight: 20, bake: '10m', pause: 'early', unwatched: true },
  { weight: 50, bake: '10m', pause: 'commit', unwatched: true },
];

/** Four pods of stable, and a copy in a step that is reached, 5 minutes before it is due. */
export function stepsIn(
  place: number,
  {
    times,
    ...changes
  }: Partial<Omit<ReleaseSteps, 'times'>> & { times?: Partial<ReleaseSteps['times']> } = {},
): ReleaseSteps {
  const list = changes.list ?? LIST;
  return {
    list,
    phase: 'baking',
    target: targetOf({ list, ...(changes.settings && { settings: changes.settings }) }, place, { api: 4 }),
    times: { brought: at(-60), since: at(-5), due: at(5), expires: at(600), ...times },
    stable: { release: 41, workloads: [] },
    held: [{ apiVersion: 'v1', kind: 'Service', name: 'api' }],
    results: Array.from({ length: place }, (_, index) => passedAt(index)),
    ...changes,
  };
}

export function passedAt(place: number): NonNullable<ReleaseSteps['results']>[number] {
  return { at: place, verdict: 'passed', judged: at(-10), summary: 'all passed' };
}

/** The release as it waits for a pause at the end of a step. */
export function waitingIn(place: number, awaited: string, changes: Partial<ReleaseSteps> = {}): ReleaseSteps {
  const steps = stepsIn(place, changes);
  const results = [...(steps.results ?? []), passedAt(place)];
  const times = { ...steps.times, since: at(-20), due: at(-10) };
  return { ...steps, phase: 'waiting', 'waiting-for': awaited, results, times };
}

export function committing(changes: Partial<ReleaseSteps> = {}): ReleaseSteps {
  const { 'waiting-for': _, ...steps } = waitingIn(2, 'commit');
  const times = { ...steps.times, 'commit-began': at(-1) };
  const target = { ...steps.target, selector: 'stable' as const, asked: 0, real: 0 };
  return { ...steps, phase: 'committing', times, target, ...changes };
}

export function undoing(changes: Partial<ReleaseSteps> = {}): ReleaseSteps {
  const steps = stepsIn(1);
  const target = { ...steps.target, selector: 'stable' as const, asked: 0, real: 0, sizes: { api: 0 } };
  const undo = { verdict: 'rolled-back', by: 'decision', why: 'octocat rejected it' } as const;
  return { ...steps, phase: 'undoing', target, undo, ...changes };
}

/** All is at the target, and well. */
export function seenAt({ target, phase }: ReleaseSteps, changes: Partial<Observed> = {}): Observed {
  return {
    areCopiesSized: phase !== 'undoing',
    selector: phase === 'undoing' ? 'both' : target.selector,
    copy: { state: 'ready' },
    stable: { state: 'ready' },
    stableServes: true,
    isStableGone: false,
    stableSizes: { api: 4 },
    lost: 0,
    lastHalf: 'to-write',
    held: 'narrowed',
    isFirstHalfTakenBack: false,
    ...changes,
  };
}

export function decision(what: Decision['what'], name?: string, barred: Decision['barred'] = {}): Decision {
  return { what, name, barred, as: { actor: 'octocat', run: 'https://github.example/run/1' } };
}

export function look(
  steps: ReleaseSteps,
  changes: Partial<Observed> = {},
  run: Partial<Look['run']> = {},
): Look {
  return { steps, seen: seenAt(steps, changes), run: { until: later(30), ...run }, now: NOW };
}
