import { type ExecResult, quote, SlipwayError } from '@slipway/core';
import { withPatience } from '../programs/patience.ts';
import { programOutside } from '../programs/program-outside.ts';
import type { StoreSurroundings } from '../store.ts';
import { cloudError } from './http/cloud-service.ts';

/** A cloud's own program that prints credentials. */
export interface CloudProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** All that it gets besides PATH, and how it reaches the network. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How it reaches its cloud, and whom it trusts. */
const NETWORK =
  'HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy REQUESTS_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR'.split(
    ' ',
  );

/** Milliseconds: such programs start slowly, and ask their cloud. */
const PATIENCE = 60_000;

/**
 * What the program prints. It is not taken from the workspace, where a commit could have brought it, and runs outside of it.
 * @returns undefined if there is none
 * @param environment without the names of secrets of the release
 * @param patience milliseconds
 * @throws SlipwayError `cloud-unreachable` for one that does not end
 */
export async function runCloudProgram(
  { command, args, variables }: CloudProgram,
  { environment, exec, workspace }: Pick<StoreSurroundings, 'environment' | 'exec' | 'workspace'>,
  patience = PATIENCE,
): Promise<ExecResult | undefined> {
  const path = environment['PATH'] ?? '';
  const program = await programOutside(command, path, workspace);
  if (program === undefined) return undefined;
  const network = NETWORK.filter(name => environment[name]).map(name => [name, environment[name]]);
  const running = exec(program, args, {
    cwd: '/',
    environment: { PATH: path, ...Object.fromEntries(network), ...variables },
  });
  return await withPatience(running.catch(notStarted), patience, () => notEnded(command));
}

function notStarted(error: unknown): undefined {
  if (!(error instanceof SlipwayError) || error.code !== 'command-not-found') throw error;
}

function notEnded(command: string): Error {
  return cloudError(
    'cloud-unreachable',
    `the program ${quote(command)} gives no credentials, and does not end`,
    'check the network of the runner and its proxy, and run the job again',
  );
}
