import { throwIfAny } from '@slipway/core';
import type { Repository } from '@slipway/render';
import type { Session } from '../session.ts';

/** Names of the destinations of each formation. */
export type Formations = ReadonlyMap<string, readonly string[]>;

type Files = Pick<Session, 'runner' | 'inputs'>;

export async function readFormations(session: Files): Promise<Formations> {
  return formationsOf(await readFiles(session));
}

/**
 * The formations for a promotion.
 * @throws SlipwayError `promotion-unsigned` if what passed could be forged by a pull request
 */
export async function readPromotable(session: Files): Promise<Formations> {
  const { unsignedPromotions } = await import('@slipway/render');
  const repository = await readFiles(session);
  const formations = formationsOf(repository);
  if (session.inputs.recordKeys === undefined) throwIfAny(unsignedPromotions(repository, formations.keys()));
  return formations;
}

/** Loaded only where it is asked for: an ordinary build needs neither formations nor what reads them. */
async function readFiles({ runner, inputs }: Files): Promise<Repository> {
  const { readRepository } = await import('@slipway/render');
  return await readRepository({ workspace: runner.workspace, application: inputs.application });
}

function formationsOf({ formations }: Repository): Formations {
  return new Map([...formations].map(([name, { spec }]) => [name, Object.keys(spec.destinations)]));
}
