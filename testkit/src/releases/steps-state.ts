import type { ReleaseSteps } from '@slipway/core';

/** The state of a release whose second step waits for the pause `commit`, with what a test says of it instead. */
export function stepsState({
  times,
  target,
  ...changes
}: Partial<Omit<ReleaseSteps, 'times' | 'target'>> & {
  readonly times?: Partial<ReleaseSteps['times']>;
  readonly target?: Partial<ReleaseSteps['target']>;
} = {}): ReleaseSteps {
  return {
    list: [{ weight: 0 }, { weight: 20, bake: '10m' }, { weight: 50, bake: '10m', pause: 'commit' }],
    phase: 'waiting',
    'waiting-for': 'commit',
    target: { at: 2, selector: 'both', asked: 50, real: 50, sizes: { api: 1 }, ...target },
    times: { expires: '2099-01-01T00:00:00Z', 'commit-began': null, ...times },
    stable: { release: 1, workloads: [] },
    held: [],
    ...changes,
  };
}
