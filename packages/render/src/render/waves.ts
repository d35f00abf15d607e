import type { RenderedDestination } from '../manifests/rendered-destination.ts';
import type { Repository } from '../repository/repository.ts';

/** One job of a wave. */
export interface WaveJob {
  readonly formation: string;
  readonly destination: string;
  /** GitHub's environment for the job; empty for none. */
  readonly environment: string;
  readonly digest: string;
}

/**
 * The rendered targets in the order of deployment: each wave may begin when the previous one has succeeded. The first waves of several
 * formations are joined into one wave, and so on.
 */
export function wavesOf(repository: Repository, rendered: readonly RenderedDestination[]): WaveJob[][] {
  const waves: WaveJob[][] = [];
  for (const { rendered: of } of rendered) {
    const spec = repository.formations.get(of.formation)?.spec;
    const declared = spec?.waves?.findIndex(wave => wave.includes(of.destination)) ?? 0;
    const environment = spec?.destinations[of.destination]?.environment ?? '';
    const job = { formation: of.formation, destination: of.destination, environment, digest: of.digest };
    waves[declared] = [...(waves[declared] ?? []), job];
  }
  return waves.filter(wave => wave !== undefined);
}
