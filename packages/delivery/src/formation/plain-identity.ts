import { isName } from '@slipway/core';
import type { ReleaseIdentity } from '@slipway/release';
import type { FormationChoice } from '../request.ts';

const DEFAULT_FORMATION = 'default';
const DEFAULT_NAMESPACE = 'default';

/**
 * The name that plain manifests are released under: what the caller says, else the repository's name.
 * @param repository `owner/name`
 */
export function plainIdentity(
  { application, formation, destinations, namespace }: FormationChoice,
  repository: string,
): ReleaseIdentity {
  return {
    application: isName(application) ? application : applicationNameOf(repository),
    formation: formation === '' ? DEFAULT_FORMATION : formation,
    destination: destinations[0],
    namespace: namespace === '' ? DEFAULT_NAMESPACE : namespace,
    repository,
  };
}

/** A repository's name may have capitals, dots and underscores, which a DNS label may not. */
function applicationNameOf(repository: string): string {
  const name = repository
    .slice(repository.indexOf('/') + 1)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return name === '' ? 'application' : name;
}
