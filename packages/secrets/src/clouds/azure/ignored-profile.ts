import type { StoreSurroundings } from '../../store.ts';
import type { CloudIdentity } from '../cloud-identity.ts';

/** A profile is of AWS or of gcloud; what is asked of Azure has another identity, which must not be taken for it. */
export function warnOfProfile({
  identity,
  logger,
}: Pick<StoreSurroundings, 'logger'> & { readonly identity: CloudIdentity }): void {
  if (identity?.from === 'profile')
    logger.warning(
      `cloud-identity: profile:${identity.name} is not used for Azure, which has no profiles: its secrets and keys are asked for by what a login of the job left`,
    );
}
