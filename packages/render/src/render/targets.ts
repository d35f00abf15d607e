import { nearest, type Problem, Problems, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';
import type { Repository } from '../repository/repository.ts';
import { keyMissing } from '../repository/spawn-errors.ts';
import type { Target } from '../values/address-table.ts';

/**
 * The targets with these names, in the order of the formations' files.
 * @param formations names; none for all
 * @param destinations names; none for all of those formations
 * @throws SlipwayError `target-unknown`, `nothing-to-render`
 */
export function selectTargets(
  repository: Repository,
  formations: readonly string[],
  destinations: readonly string[],
): Target[] {
  const problems = new Problems<RenderErrorCode>();
  const declared = [...repository.formations.keys()];
  const [spawning] = repository.spawning.keys();
  if (declared.length === 0 && spawning !== undefined) problems.add(keyMissing(spawning));
  else if (declared.length === 0)
    problems.add({
      code: 'nothing-to-render',
      message: `the application ${quote(repository.application.metadata.name)} has no formations`,
      remedy: 'add formations/<name>.yaml beside slipway.yaml',
    });
  else
    for (const name of formations)
      if (repository.spawning.has(name)) problems.add(keyMissing(name));
      else if (!declared.includes(name)) problems.add(unknown('formation', name, declared));
  const chosen = formations.length === 0 ? declared : declared.filter(name => formations.includes(name));
  const targets = chosen.flatMap(formation =>
    Object.keys(repository.formations.get(formation)?.spec.destinations ?? {}).map(destination => ({
      formation,
      destination,
    })),
  );
  const known = [...new Set(targets.map(({ destination }) => destination))];
  if (problems.found.length === 0)
    for (const name of destinations)
      if (!known.includes(name)) problems.add(unknown('destination', name, known));
  problems.throwIfAny();
  return targets.filter(({ destination }) => destinations.length === 0 || destinations.includes(destination));
}

function unknown(what: string, name: string, declared: readonly string[]): Problem<RenderErrorCode> {
  const candidate = nearest(name, declared);
  return {
    code: 'target-unknown',
    message: `the ${what} ${quote(name)} does not exist`,
    remedy:
      candidate === undefined ? `choose one of ${declared.join(', ')}` : `did you mean ${quote(candidate)}?`,
  };
}
