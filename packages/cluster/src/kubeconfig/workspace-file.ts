import { constants, type Stats } from 'node:fs';
import { access, open, realpath } from 'node:fs/promises';
import { delimiter, isAbsolute, join, relative, sep } from 'node:path';
import { quote, type SlipwayError } from '@slipway/core';
import { isKnownPlugin } from '../credentials/plugin-environment.ts';
import type { PluginSection } from '../credentials/plugin-section.ts';
import type { ClusterErrorCode } from '../error-codes.ts';
import { kubeconfigError } from '../kubeconfig-error.ts';
import { kubeconfigPaths } from './paths.ts';
import type { KubeconfigSource } from './source.ts';

/**
 * The content of a kubeconfig inside the workspace, if it is one that a login step of this job has just written there, as
 * google-github-actions/get-gke-credentials does. A commit, an artifact or an earlier job could have put any other there, and its
 * plugin is a program that runs with the job's identity.
 * @throws SlipwayError `kubeconfig-in-workspace`
 */
export async function readWorkspaceFile(path: string, source: KubeconfigSource): Promise<string> {
  if (!kubeconfigPaths(source.environment).includes(path))
    throw refused(path, 'only the very file that KUBECONFIG names is taken from there');
  if (!(await isReachedWithoutLinks(path, source.workspace))) throw refused(path, 'a link leads to it');
  // What is checked is what is read: the file is opened once, and not if it is a link.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (file === undefined) throw refused(path, 'it cannot be opened');
  try {
    const reason = wrongWith(await file.stat()) ?? (await wrongOrigin(path, await file.stat(), source));
    if (reason !== undefined) throw refused(path, reason);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function isReachedWithoutLinks(path: string, workspace: string): Promise<boolean> {
  const [real, root] = await Promise.all([realpath(path), realpath(workspace)]);
  return relative(root, real) === relative(workspace, path);
}

function wrongWith(file: Stats): string | undefined {
  const mode = file.mode & 0o7777;
  if (!file.isFile()) return 'it is not a regular file';
  if (mode !== 0o600) return `its mode is 0${mode.toString(8)} and not 0600`;
  return file.uid === process.getuid?.() ? undefined : 'it belongs to another user';
}

async function wrongOrigin(
  path: string,
  file: Stats,
  { job }: KubeconfigSource,
): Promise<string | undefined> {
  const [isCommitted, started] = [await job?.isCommitted(path), await job?.startedAt()];
  if (isCommitted === undefined) return 'whether a commit brought it cannot be told';
  if (isCommitted) return 'a commit brought it';
  if (started === undefined) return 'when this job began cannot be told';
  // The time of a change of the file or its mode cannot be set, unlike that of its content.
  return Math.min(file.mtimeMs, file.ctimeMs) < started ? 'it is older than this job' : undefined;
}

/**
 * The section of a kubeconfig inside the workspace, with the program as the path where it was found.
 * @throws SlipwayError `kubeconfig-plugin-unknown` unless it is a known program outside of the workspace
 */
export async function knownPlugin(
  section: PluginSection,
  { environment, workspace }: Pick<KubeconfigSource, 'environment' | 'workspace'>,
): Promise<PluginSection> {
  const { command } = section;
  if (!isKnownPlugin(command)) throw unknownPlugin(command, 'is not one of the known credential plugins');
  const found = await findProgram(command, environment['PATH'] ?? '');
  // A program that is missing is reported when it is run, with the hint of the kubeconfig.
  if (found === undefined) return section;
  const [real, root] = await Promise.all([realpath(found), realpath(workspace)]);
  if (isInside(found, workspace) || isInside(real, root))
    throw unknownPlugin(command, 'was found inside the workspace');
  return { ...section, command: found };
}

async function findProgram(command: string, path: string): Promise<string | undefined> {
  const candidates = isAbsolute(command)
    ? [command]
    : path.split(delimiter).map(folder => join(folder === '' ? '.' : folder, command));
  for (const candidate of candidates)
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  return undefined;
}

export function isInside(path: string, folder: string): boolean {
  const steps = relative(folder, path);
  return steps === '' || !(steps === '..' || steps.startsWith(`..${sep}`) || isAbsolute(steps));
}

function refused(path: string, reason: string): SlipwayError<ClusterErrorCode> {
  return kubeconfigError(
    'kubeconfig-in-workspace',
    `the kubeconfig ${quote(path)} is inside the workspace, where later steps and artifacts can pick it up, and ${reason}`,
    'write it to RUNNER_TEMP instead, or give its content',
  );
}

function unknownPlugin(command: string, what: string): SlipwayError<ClusterErrorCode> {
  return kubeconfigError(
    'kubeconfig-plugin-unknown',
    `the credential plugin ${quote(command)} of the kubeconfig inside the workspace ${what}`,
    'write the kubeconfig to RUNNER_TEMP instead, or give its content',
  );
}
