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
