import { type Environment, inputVariable } from '@slipway/github';
import type { Outputs } from './links.ts';

/** One formation at one destination, as an item of render-stencil's output `waves` names it. */
interface Target {
  readonly formation: string;
  readonly destination: string;
}

/** Before anything is rendered, when the inputs may name several. */
export const ANY: Target = { formation: '', destination: '' };

/** Each target that was rendered, in its order; undefined for the one that the inputs name, where this run rendered nothing. */
export function targetsToPlan({ waves }: Outputs): readonly (Target | undefined)[] {
  return waves === undefined ? [undefined] : (JSON.parse(waves) as Target[][]).flat();
}

/** The environment in which deploy shows what it would change at one target. */
export function planEnvironment(environment: Environment, target: Target | undefined): Environment {
  return {
    ...environment,
    [inputVariable('mode')]: 'plan',
    ...(target === undefined
      ? {}
      : {
          [inputVariable('formation')]: target.formation,
          [inputVariable('destination')]: target.destination,
        }),
  };
}

/**
 * What the jobs that deploy are given as `planned-from`, each the same: `production/eu=41@2026-11-29T10:00:00Z`, with 0 where there was no
 * release. Without a name for the target it is the release alone, as nothing would be compared with nothing.
 * @param release deploy's output `planned-from`
 */
export function plannedFrom(target: Target | undefined, release: string | undefined): string {
  const found = release || '0';
  return target === undefined ? found : `${target.formation}/${target.destination}=${found}`;
}
