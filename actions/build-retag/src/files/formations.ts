import type { Session } from '../session.ts';

/** Names of the destinations of each formation. */
export type Formations = ReadonlyMap<string, readonly string[]>;

/** Loaded only where it is asked for: an ordinary build needs neither formations nor what reads them. */
export async function readFormations({
  runner,
  inputs,
}: Pick<Session, 'runner' | 'inputs'>): Promise<Formations> {
  const { readRepository } = await import('@slipway/render');
  const { formations } = await readRepository({
    workspace: runner.workspace,
    application: inputs.application,
  });
  return new Map([...formations].map(([name, { spec }]) => [name, Object.keys(spec.destinations)]));
}
