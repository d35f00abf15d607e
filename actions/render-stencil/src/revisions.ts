import { join } from 'node:path';
import type { Runner } from '@slipway/github';

type GitRunner = Pick<Runner, 'exec' | 'workspace' | 'environment'>;

/** The commit that a folder of the workspace is of; undefined outside of a Git repository. */
export async function readRevision(
  { exec, workspace, environment }: GitRunner,
  folder = '',
): Promise<string | undefined> {
  const args = ['-C', join(workspace, folder), 'rev-parse', '--verify', 'HEAD'];
  const answer = await exec('git', args, { environment }).catch(() => undefined);
  return answer?.exitCode === 0 ? answer.stdout.trim() : undefined;
}

/**
 * The commits of shared folders that are checkouts of their own, by folder.
 * @param own of the application, which folders of the same repository are of too
 */
export async function readSharedRevisions(
  runner: GitRunner,
  folders: readonly string[],
  own: string | undefined,
): Promise<Record<string, string>> {
  const found = await Promise.all(
    folders.map(async folder => [folder, await readRevision(runner, folder)] as const),
  );
  return Object.fromEntries(
    found.flatMap(([folder, revision]) =>
      revision === undefined || revision === own ? [] : [[folder, revision]],
    ),
  );
}
