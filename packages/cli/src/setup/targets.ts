import { type Destination, defined, type StepStrategy, stepsOf } from '@slipway/core';
import { type Repository, selectTargets } from '@slipway/render';

/** A destination that is set up, as its formation states it. */
export interface SetupTarget {
  readonly formation: string;
  readonly destination: string;
  readonly namespace: string;
  /** The context of the job's kubeconfig; undefined for the only one. */
  readonly jobContext?: string;
  readonly environment?: string;
  /** Whether its releases go in steps, which are looked at in an environment of its own, and wait for decisions, in another one. */
  readonly steps?: 'decided' | 'watched';
  /** What the cluster has to be. */
  readonly server?: string;
}

/**
 * The destinations of some formations.
 * @throws SlipwayError `target-unknown`
 */
export function targetsOf(repository: Repository, formations: readonly string[]): SetupTarget[] {
  return selectTargets(repository, formations, []).map(({ formation, destination }) => {
    const spec = repository.formations.get(formation)?.spec;
    return {
      ...targetIn({ formation, destination }, spec?.destinations[destination]),
      ...defined({ steps: waysOf(stepsOf(spec?.strategy)) }),
    };
  });
}

/**
 * The destinations of formations that have instances, which are not set up; their namespaces may have a word.
 * @param formations all of them, if there are none
 */
export function spawnedTargets(
  { spawning }: Pick<Repository, 'spawning'>,
  formations: readonly string[],
): SetupTarget[] {
  return [...spawning]
    .filter(([name]) => formations.length === 0 || formations.includes(name))
    .flatMap(([name, { formation }]) =>
      Object.entries(formation.spec.destinations).map(([destination, stated]) =>
        targetIn({ formation: name, destination }, stated),
      ),
    );
}

function targetIn(
  named: Pick<SetupTarget, 'formation' | 'destination'>,
  { namespace = '', context, environment, cluster }: Partial<Destination> = {},
): SetupTarget {
  return { ...named, namespace, ...defined({ jobContext: context, environment, server: cluster?.server }) };
}

function waysOf(strategy: StepStrategy | undefined): SetupTarget['steps'] {
  if (strategy === undefined) return undefined;
  return strategy.steps.some(({ pause }) => pause !== undefined) ? 'decided' : 'watched';
}

/** `staging/main`, as messages name it. */
export function targetName({ formation, destination }: SetupTarget): string {
  return `${formation}/${destination}`;
}
