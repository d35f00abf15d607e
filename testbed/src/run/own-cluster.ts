import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SlipwayError } from '@slipway/core';
import type { TestbedErrorCode } from '../error-codes.ts';
import type { StartContext } from './context.ts';
import type { ClusterAddress } from './options.ts';

const run = promisify(execFile);

/** The user's own cluster, as it is: the current context of a kubeconfig. */
export async function useCluster(
  path: string,
  { locate, environment }: StartContext,
): Promise<ClusterAddress> {
  const kubectl = locate('kubectl');
  const server = 'jsonpath={.clusters[0].cluster.server}';
  const args = [`--kubeconfig=${path}`, 'config', 'view', '--minify', `--output=${server}`];
  try {
    const { stdout } = await run(kubectl, args, { env: { ...environment } });
    return { kubeconfig: path, server: stdout, kubectl };
  } catch (error) {
    const problem = {
      code: 'testbed-option',
      message: `${path} is not a kubeconfig with a current context`,
      remedy: 'set KUBECONFIG to such a file (`kubectl config use-context <name>` chooses the context)',
    } as const;
    throw new SlipwayError<TestbedErrorCode>(problem, { cause: error });
  }
}
