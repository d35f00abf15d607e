import { resolve } from 'node:path';
import type { Arguments } from '../command-line/arguments.ts';
import { shellCommand } from '../outside/shell.ts';

/** The command that writes the workflows of the application that doctor looks at. */
export function workflowsFix(
  given: Arguments,
  { folder }: { readonly folder: string },
  path: string,
): string {
  const [workspace, application] = [given.text('workspace'), given.text('application')];
  const flags =
    workspace === undefined
      ? flagged('--application', application)
      : [...flagged('--repository', workspace), ...flagged('--application', pathIn(workspace, folder, path))];
  return shellCommand('slipway', ['workflows', ...flags]);
}

function flagged(flag: string, value: string | undefined): string[] {
  return value === undefined ? [] : [flag, value];
}

/** Left out for the usual path, unless the folder of the call is another one, whose slipway.yaml would be taken. */
function pathIn(workspace: string, folder: string, path: string): string | undefined {
  return path === 'slipway.yaml' && resolve(folder, workspace) === folder ? undefined : path;
}
