import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { KubeconfigSource } from '@slipway/cluster';
import { isTracked } from '@slipway/git';
import type { Arguments } from '../command-line/arguments.ts';
import type { Machine } from '../machine/machine.ts';
import type { Workspace } from '../rendering/workspace.ts';

/**
 * The kubeconfig of a person: of `--kubeconfig`, else of KUBECONFIG, else of ~/.kube/config, with relative paths from the folder of the
 * call. One inside the workspace is taken if only its owner can read it and no commit has it, since its plugin is a program that runs.
 * @param context of the destination; empty without one
 */
export function kubeconfigSource(
  given: Arguments,
  context: string,
  machine: Machine,
  { folder: workspace }: Workspace,
): KubeconfigSource {
  const { environment, exec } = machine;
  return {
    kubeconfig: '',
    context: given.text('context') ?? context,
    environment: { ...environment, KUBECONFIG: pathsOf(given.text('kubeconfig'), machine).join(delimiter) },
    workspace,
    runPlugin: (command, args, options) =>
      exec(command, args, { environment: options.environment, cwd: options.directory, input: '' }),
    job: {
      isCommitted: path => isTracked(path, { exec, workspace, environment }),
      startedAt: () => Promise.resolve(0),
    },
  };
}

/** Whether there is one at all; whether it can be used is found out when it is. */
export function hasKubeconfig(given: Arguments, machine: Machine): boolean {
  return pathsOf(given.text('kubeconfig'), machine).length > 0;
}

function pathsOf(named: string | undefined, { environment, folder }: Machine): string[] {
  const { KUBECONFIG = '', HOME } = environment;
  const paths = (named ?? KUBECONFIG).split(delimiter).filter(path => path !== '');
  const own = HOME ? join(HOME, '.kube', 'config') : '';
  const found = paths.length === 0 && existsSync(own) ? [own] : paths;
  return found.map(path => (path.startsWith('~/') ? path : resolve(folder, path)));
}
