import { resolve, sep } from 'node:path';
import type { IdentitySource, Variables } from './identity.ts';

/**
 * The key ring that an earlier step imported a key into. One in the workspace is not taken: its configuration, of whoever wrote the
 * repository, can name programs.
 */
export function pgpIdentity({ environment, workspace }: IdentitySource): Variables | undefined {
  const { GNUPGHOME: given, HOME: home } = environment;
  const folder = given || (home && `${home}/.gnupg`) || '';
  const isOfRepository = `${resolve(folder)}${sep}`.startsWith(`${resolve(workspace)}${sep}`);
  return folder === '' || isOfRepository ? undefined : { GNUPGHOME: resolve(folder) };
}
