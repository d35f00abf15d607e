import type { Repository } from '@slipway/render';
import type { Machine } from '../machine/machine.ts';
import { whySilent } from '../outside/answering.ts';
import type { GitHubRepository } from '../outside/github-repository.ts';
import { shellWord } from '../outside/shell.ts';
import { arrangeScopes, type Reached, type SecretScope } from '../setup/arrange.ts';
import { whereOf } from '../setup/cluster-steps.ts';
import { checkContextFlags, chooseContext, type LocalContext, readContexts } from '../setup/contexts.ts';
import { DEPLOY } from '../setup/purpose.ts';
import type { SetupTarget } from '../setup/targets.ts';
import { type Check, orUnknown, unknown } from './check.ts';
import { deployerChecks } from './deployer-checks.ts';
import { networkChecks } from './network/network-checks.ts';
import { type ReaderPlace, readerChecks } from './reader-checks.ts';
import { setupFor } from './setup-for.ts';

export interface ClusterPlace extends ReaderPlace {
  readonly repository: Repository;
  /** Those of formations that have instances: of their clusters only the network is looked at. */
  readonly spawned: readonly SetupTarget[];
}

/** What the clusters of some destinations have, as far as this machine reaches them. */
export async function clusterChecks(place: ClusterPlace, machine: Machine): Promise<readonly Check[]> {
  const { given, repository, targets, spawned, github } = place;
  const all = [...targets, ...spawned];
  const looked = { area: 'cluster', what: 'clusters' } as const;
  return await orUnknown(looked, async () => {
    const contexts = await readContexts(machine);
    checkContextFlags(all, contexts, given.values('context'));
    const checks: Check[] = [];
    const answering = asking(machine);
    const reached: Reached[] = [];
    const instances: Reached[] = [];
    for (const target of all) {
      const what = { area: 'cluster', what: `${target.formation}/${target.destination}` } as const;
      checks.push(
        ...(await orUnknown(what, async () => {
          const context = chooseContext(target, contexts, given.values('context'));
          const why = await answering(context);
          if (why !== undefined) return [silent(context, why)];
          if (spawned.includes(target)) {
            instances.push({ ...target, context });
            return [];
          }
          reached.push({ ...target, context });
          const [scope] = arrangeScopes(aloneIn(repository, target), [{ ...target, context }], DEPLOY);
          return scope === undefined
            ? []
            : await scopeChecks(scope, setupFor(given, targets, [target.formation]), github, machine);
        })),
      );
    }
    return [
      ...checks,
      ...(await readerChecks(reached, place, machine)),
      ...(await networkChecks([...reached, ...instances], { given, repository, targets: all }, machine)),
    ];
  });
}

/** Asks each cluster once whether it answers, since one that does not costs much more time by every other question. */
function asking(machine: Machine): (context: LocalContext) => Promise<string | undefined> {
  const asked = new Map<string, Promise<string | undefined>>();
  return async context => {
    const answer = asked.get(context.name) ?? whySilent(context, machine);
    asked.set(context.name, answer);
    return await answer;
  };
}

function silent({ name, server }: LocalContext, why: string): Check {
  return unknown(
    { area: 'cluster', what: `cluster ${server} (${whereOf(name)})` },
    why,
    `kubectl --context=${shellWord(name)} get --raw=/version`,
  );
}

/** A destination is looked at on its own, whatever it shares a secret with. */
function aloneIn(repository: Repository, { formation, destination }: SetupTarget): Repository {
  const own = repository.formations.get(formation);
  const stated = own?.spec.destinations[destination];
  if (own === undefined || stated === undefined) return repository;
  const alone = { ...own, spec: { ...own.spec, destinations: { [destination]: stated } } };
  return { ...repository, formations: new Map([[formation, alone]]) };
}

async function scopeChecks(
  { deployers, environment }: SecretScope,
  setup: string,
  repository: GitHubRepository,
  machine: Machine,
): Promise<Check[]> {
  const fixes = { setup: `${setup} --apply --yes`, renew: `${setup} --renew --yes` };
  const checks: Check[] = [];
  for (const deployer of deployers)
    checks.push(...(await deployerChecks(deployer, { repository, environment }, fixes, machine)));
  return checks;
}
