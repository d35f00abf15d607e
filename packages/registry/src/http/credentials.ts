import { findCredentials, type HelperContext } from './credential-helper.ts';
import type { Credentials, DockerConfig } from './docker-config.ts';

/** The logins of a run, each of which is looked up once. */
export interface KnownCredentials {
  for(registry: string): Promise<Credentials | undefined>;
  /**
   * The login after one was refused: a helper is asked again, since what it gave may have expired.
   * @param refused what the refused request had; if another request has renewed it meanwhile, that is given
   */
  after(registry: string, refused: Credentials | undefined): Promise<Credentials | undefined>;
}

export function knowCredentials(config: DockerConfig, context: HelperContext): KnownCredentials {
  const found = new Map<string, Promise<Credentials | undefined>>();
  const lookUp = (registry: string) => {
    const asked = findCredentials(config, registry, context);
    found.set(registry, asked);
    return asked;
  };
  const current = (registry: string) => found.get(registry) ?? lookUp(registry);
  return {
    for: current,
    async after(registry, refused) {
      const known = found.get(registry);
      const isNewer = (await known?.catch(() => undefined)) !== refused;
      // Compared by identity: of several requests that were refused, the first looks it up for all.
      return isNewer || found.get(registry) !== known ? await current(registry) : await lookUp(registry);
    },
  };
}
