import { findCredentials, type HelperContext } from './credential-helper.ts';
import type { Credentials, DockerConfig } from './docker-config.ts';

/** The logins of a run, each of which is looked up once. */
export interface KnownCredentials {
  for(registry: string): Promise<Credentials | undefined>;
  /**
   * The login after one was refused: a helper is asked again, since what it gave may have expired. If that fails, the login stays:
   * why it was refused says more, and it may be good for what comes next.
   * @param refused what the refused request had; if another request has renewed it meanwhile, that is given
   */
  after(registry: string, refused: Credentials | undefined): Promise<Credentials | undefined>;
}

export function knowCredentials(config: DockerConfig, context: HelperContext): KnownCredentials {
  const found = new Map<string, Promise<Credentials | undefined>>();
  const keep = (registry: string, asked: Promise<Credentials | undefined>) => {
    found.set(registry, asked);
    return asked;
  };
  const lookUp = (registry: string) => findCredentials(config, registry, context);
  const current = (registry: string) => found.get(registry) ?? keep(registry, lookUp(registry));
  return {
    for: current,
    async after(registry, refused) {
      const known = found.get(registry);
      const isNewer = (await known?.catch(() => undefined)) !== refused;
      // Compared by identity: of several requests that were refused, the first looks it up for all.
      if (isNewer || found.get(registry) !== known) return await current(registry);
      return await keep(
        registry,
        lookUp(registry).catch(() => refused),
      );
    },
  };
}
