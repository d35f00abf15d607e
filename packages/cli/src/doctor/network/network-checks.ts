import type { Repository } from '@slipway/render';
import type { Arguments } from '../../command-line/arguments.ts';
import type { Machine } from '../../machine/machine.ts';
import { shellCommand } from '../../outside/shell.ts';
import { placeFlags } from '../../rendering/target-flags.ts';
import type { Reached } from '../../setup/arrange.ts';
import { whereOf } from '../../setup/cluster-steps.ts';
import type { LocalContext } from '../../setup/contexts.ts';
import { type SetupTarget, targetName } from '../../setup/targets.ts';
import { say } from '../../tell/say.ts';
import { type Check, fine, type Looked, missing, unknown } from '../check.ts';
import { tryNetwork } from './try-network.ts';

const WHAT = 'network policies';
/** A small image of a public registry with all that the trial runs. */
const IMAGE = 'docker.io/library/busybox:1.37';
const PLUGIN =
  'use a network plugin that enforces NetworkPolicies, in both directions; until then nothing keeps instances in';

export interface NetworkPlace {
  readonly given: Arguments;
  readonly repository: Repository;
  /** All destinations that are looked at. */
  readonly targets: readonly SetupTarget[];
}

/**
 * Whether the networks of clusters enforce NetworkPolicies, which no API server knows: tried where the flag says so and it is confirmed, else
 * not known where a formation has instances that only a policy keeps in.
 */
export async function networkChecks(
  reached: readonly Reached[],
  { given, repository, targets }: NetworkPlace,
  machine: Machine,
): Promise<Check[]> {
  const image = given.text('try-network');
  const isMeant = ({ formation }: SetupTarget): boolean =>
    image !== undefined || isFenced(repository, formation);
  const contexts = new Map(reached.filter(isMeant).map(({ context }) => [context.name, context]));
  const names = new Set(reached.map(targetName));
  const checks = targets
    .filter(target => isMeant(target) && !names.has(targetName(target)))
    .map(target => unknown(lookedAt(targetName(target)), 'its cluster was not reached'));
  for (const context of contexts.values())
    checks.push(...(await checkNetwork(context, image, given, machine)));
  return checks;
}

/** Whether a trial was asked for and did not end with what was hoped for. */
export function lacksTrial(given: Arguments, checks: readonly Check[]): boolean {
  const own = checks.filter(({ what }) => what.startsWith(WHAT));
  return given.has('try-network') && (own.length === 0 || own.some(({ state }) => state !== 'fine'));
}

function isFenced(repository: Repository, formation: string): boolean {
  const spawn = repository.spawning.get(formation)?.formation.spec.spawn;
  return spawn !== undefined && spawn.fence !== 'none';
}

function lookedAt(where: string): Looked {
  return { area: 'cluster', what: `${WHAT} (${where})` };
}

async function checkNetwork(
  context: LocalContext,
  image: string | undefined,
  given: Arguments,
  machine: Machine,
): Promise<Check[]> {
  const looked = lookedAt(whereOf(context.name));
  const command = commandFor(given, image ?? IMAGE);
  if (image === undefined)
    return [
      unknown(looked, 'whether the network enforces them is seen only by a trial with two pods', command),
    ];
  const where = `the cluster ${context.server} (${whereOf(context.name)})`;
  if (!given.has('yes'))
    return [
      unknown(looked, `not tried: it makes a namespace with two pods in ${where}; confirm it`, command),
    ];
  say(machine.errors, `makes a namespace with two pods in ${where}, and removes it`);
  const { outcome, left } = await tryNetwork(context.name, image, machine);
  const rest =
    left === undefined
      ? []
      : [missing(lookedAt(`trial in ${whereOf(context.name)}`), 'its namespace is still there', left)];
  switch (outcome.state) {
    case 'enforced':
      return [fine(looked, 'enforced: a policy kept two pods apart, in each direction'), ...rest];
    case 'not enforced':
      return [
        missing(
          looked,
          `not enforced: a pod reached another one that a policy for ${outcome.direction} denies`,
          PLUGIN,
        ),
        ...rest,
      ];
    case 'not known':
      return [unknown(looked, outcome.why, command), ...rest];
  }
}

function commandFor(given: Arguments, image: string): string {
  return shellCommand('slipway', [
    ...['doctor', ...given.operands, ...placeFlags(given)],
    ...['--try-network', image, '--yes'],
  ]);
}
