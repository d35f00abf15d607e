import { resolve } from 'node:path';
import { quote } from '@slipway/core';
import { isOutside } from '../../programs/program-outside.ts';
import type { Identity, IdentitySource } from './identity.ts';

/**
 * The key ring that an earlier step imported a key into. One in the workspace is not taken: its configuration, of whoever wrote the
 * repository, can name programs.
 */
export async function pgpIdentity({ environment, workspace }: IdentitySource): Promise<Identity | undefined> {
  const { GNUPGHOME: given, HOME: home } = environment;
  const folder = resolve(workspace, given || (home && `${home}/.gnupg`) || '');
  if (!(await isOutside(folder, workspace))) return undefined;
  return { variables: { GNUPGHOME: folder }, source: `the key ring ${quote(folder)}` };
}
