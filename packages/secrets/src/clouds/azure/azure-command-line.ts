import { resolve } from 'node:path';
import { parseBody } from '../../http/json-body.ts';
import { isOutside } from '../../programs/program-outside.ts';
import type { StoreSurroundings } from '../../store.ts';
import { runCloudProgram } from '../cloud-program.ts';
import { cloudError } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import type { AzureCloud } from './azure-path.ts';
import { isToken } from './azure-token.ts';

type Surroundings = Pick<StoreSurroundings, 'environment' | 'exec' | 'mask' | 'workspace'>;

/**
 * A token of the session that azure/login, or someone on the machine, left to Azure's own program.
 * @returns undefined if there is no program or session outside of the workspace
 * @throws SlipwayError `cloud-login-refused` for a session that has ended, `cloud-unreachable`
 */
export async function commandLineToken(
  { suffix }: AzureCloud,
  surroundings: Surroundings,
): Promise<string | undefined> {
  const session = await sessionFolder(surroundings.environment, surroundings.workspace);
  if (session === undefined) return undefined;
  const variables = {
    AZURE_CONFIG_DIR: session,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_LOGIN_EXPERIENCE_V2: 'no',
  };
  const args = ['account', 'get-access-token', '--resource', `https://${suffix}`, '--output', 'json'];
  const result = await runCloudProgram({ command: 'az', args, variables }, surroundings);
  const token = result?.exitCode === 0 ? textIn(parseBody(result.stdout), 'accessToken') : '';
  if (isToken(token)) {
    surroundings.mask(token);
    return token;
  }
  if (/AADSTS(?:700024|700082|50173|70043)|expired/i.test(result?.stderr ?? '')) throw sessionEnded();
  return undefined;
}

/** One in the workspace would be of whoever wrote the repository. */
async function sessionFolder(
  { AZURE_CONFIG_DIR: given, HOME: home }: Surroundings['environment'],
  workspace: string,
): Promise<string | undefined> {
  const folder = given || (home && `${home}/.azure`) || '';
  return folder !== '' && (await isOutside(resolve(folder), workspace)) ? resolve(folder) : undefined;
}

function sessionEnded(): Error {
  return cloudError(
    'cloud-login-refused',
    'the session that azure/login left has expired',
    'run azure/login just before this step, or set "azure-client-id" and "azure-tenant-id" instead',
  );
}
