import { resolve } from 'node:path';
import { type ExecResult, SlipwayError } from '@slipway/core';
import { cloudError, parseBody } from '../http/cloud-service.ts';
import { textIn } from '../http/json-values.ts';
import { NETWORK_VARIABLES } from '../network-variables.ts';
import { withPatience } from '../patience.ts';
import { isOutside, programOutside } from '../program-outside.ts';
import type { StoreSurroundings } from '../store.ts';
import type { AzureCloud } from './azure-path.ts';
import { isToken } from './azure-token.ts';

type Surroundings = Pick<StoreSurroundings, 'environment' | 'exec' | 'mask' | 'workspace'>;

/** Milliseconds for the program: it starts slowly, and asks Entra. */
const PATIENCE = 60_000;

/**
 * A token of the session that azure/login, or someone on the machine, left to Azure's own program.
 * @returns undefined if there is no program or session outside of the workspace
 * @param patience milliseconds
 * @throws SlipwayError `cloud-login-refused` for a session that has ended, `cloud-unreachable`
 */
export async function commandLineToken(
  { suffix }: AzureCloud,
  secretNames: readonly string[],
  { environment, exec, mask, workspace }: Surroundings,
  patience = PATIENCE,
): Promise<string | undefined> {
  const path = environment['PATH'] ?? '';
  const [program, session] = await Promise.all([
    programOutside('az', path, workspace),
    sessionFolder(environment, workspace),
  ]);
  if (program === undefined || session === undefined) return undefined;
  const network = NETWORK_VARIABLES.filter(name => !secretNames.includes(name)).map(name => [
    name,
    environment[name],
  ]);
  const own = {
    PATH: path,
    AZURE_CONFIG_DIR: session,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_LOGIN_EXPERIENCE_V2: 'no',
  };
  const args = ['account', 'get-access-token', '--resource', `https://${suffix}`, '--output', 'json'];
  const running = started(
    exec(program, args, { cwd: '/', environment: { ...Object.fromEntries(network), ...own } }),
  );
  const result = await withPatience(running, patience, notAnswered);
  const token = result?.exitCode === 0 ? textIn(parseBody(result.stdout), 'accessToken') : '';
  if (isToken(token)) {
    mask(token);
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

async function started(running: Promise<ExecResult>): Promise<ExecResult | undefined> {
  try {
    return await running;
  } catch (error) {
    if (!(error instanceof SlipwayError) || error.code !== 'command-not-found') throw error;
    return undefined;
  }
}

function sessionEnded(): Error {
  return cloudError(
    'cloud-login-refused',
    'the session that azure/login left has expired',
    'run azure/login just before this step, or set "azure-client-id" and "azure-tenant-id" instead',
  );
}

function notAnswered(): Error {
  return cloudError(
    'cloud-unreachable',
    'the program "az" gives no token, and does not end',
    'check the network of the runner and its proxy, and run the job again',
  );
}
