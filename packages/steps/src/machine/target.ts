import type { ReleaseSteps } from '@slipway/core';
import { realShare } from '../shares/shares.ts';
import { sizeInStep } from '../shares/sizes.ts';

type Target = ReleaseSteps['target'];
type Sizes = Readonly<Record<string, number>>;

/** Whether a copy of it gets no work unless users are sent there. */
function takesWork({ settings }: Pick<ReleaseSteps, 'settings'>, name: string): boolean {
  return (settings?.workloads ?? []).some(
    workload => typeof workload === 'object' && workload.name === name && workload['takes-work'] === true,
  );
}

/**
 * Where the cluster is to be in a step.
 * @param stable how many pods stable has, by workload
 * @param copies how many pods the copies have already, which never shrink
 */
export function targetOf(
  steps: Pick<ReleaseSteps, 'list' | 'settings'>,
  at: number,
  stable: Sizes,
  copies: Sizes = {},
): Target {
  const asked = steps.list[at]?.weight ?? 0;
  const sizes = Object.fromEntries(
    Object.entries(stable).map(([name, pods]) => {
      const workload = { stable: pods, copy: copies[name] ?? 0, takesWork: takesWork(steps, name) };
      return [name, sizeInStep({ steps: steps.list }, at, workload)];
    }),
  );
  const selector = asked === 0 ? 'stable' : asked === 100 ? 'next' : 'both';
  return { at, selector, asked, real: shareOf(selector, sizes, stable), sizes };
}

/** The largest percentage of connections that a copy gets. */
function shareOf(selector: Target['selector'], sizes: Sizes, stable: Sizes): number {
  if (selector !== 'both') return selector === 'next' ? 100 : 0;
  const shares = Object.entries(sizes).map(([name, copy]) => realShare(copy, stable[name] ?? 0));
  return Math.round(10 * Math.max(0, ...shares)) / 10;
}

/** Users are with stable, and there is no copy. */
export function homeTarget({ target }: Pick<ReleaseSteps, 'target'>): Target {
  const sizes = Object.fromEntries(Object.keys(target.sizes).map(name => [name, 0]));
  return { at: target.at, selector: 'stable', asked: 0, real: 0, sizes };
}

/** Whether the target is that no copy is left. */
export function isHome({ selector, sizes }: Target): boolean {
  return selector === 'stable' && Object.values(sizes).every(size => size === 0);
}

/**
 * Where users are while stable is rolled: with stable where the copy is smaller, since kept connections would collect on it. The copy
 * stays beside.
 */
export function commitTarget({ target }: Pick<ReleaseSteps, 'target'>, stable: Sizes): Target {
  const isSmaller = Object.entries(target.sizes).some(([name, size]) => size < (stable[name] ?? 0));
  return target.selector === 'both' && isSmaller
    ? { ...target, selector: 'stable', asked: 0, real: 0 }
    : target;
}
