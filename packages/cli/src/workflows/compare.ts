import { Problems } from '@slipway/core';
import { type FileSource, filesBelow, outputFolder } from '@slipway/render';
import {
  type Application,
  type Comparison,
  compareFile,
  compareUnneeded,
  WORKFLOWS_FOLDER,
  type WorkflowFile,
  writtenFor,
  writtenFrom,
} from '@slipway/workflows';
import { decodeText, parseDocument } from '@slipway/yaml';

/** A comparison with what the file contains now. */
export type Compared = Comparison & { readonly existing: string };

type Owner = Pick<Application, 'name' | 'path'>;

/**
 * Compares the workflows of an application with those in a repository, and finds those that are left from earlier, also of an application
 * that has another name by now, or is gone.
 * @throws SlipwayError `output-outside` where a link leads out of the repository, else `workflow-marks-broken`, `file-unreadable`,
 * `yaml-encoding`, and where the name of another application cannot be read, for all files at once
 */
export async function compareWorkflows(
  repository: string,
  application: Owner,
  files: readonly WorkflowFile[],
): Promise<Compared[]> {
  outputFolder(WORKFLOWS_FOLDER, repository);
  const source = filesBelow(repository);
  const problems = new Problems();
  const compared: Compared[] = [];
  for (const file of files)
    await problems.collect(async () => compared.push(await compareWanted(source, application, file)));
  for (const path of await workflowsIn(source))
    if (!files.some(file => file.path === path))
      await problems.collect(async () => compared.push(...(await compareLeft(source, application, path))));
  problems.throwIfAny();
  return compared;
}

async function compareWanted(
  source: FileSource,
  application: Owner,
  { path, text }: WorkflowFile,
): Promise<Compared> {
  const bytes = await source.read(path);
  // Bytes that are not text would be others when the login around them is written again.
  const existing = bytes === undefined ? undefined : decodeText(bytes, path);
  if (existing !== undefined && (await isOfAnother(existing, application, source)))
    return { path, state: 'taken', text, lost: [], existing };
  return { ...compareFile({ path, text, existing }), existing: existing ?? '' };
}

/** A file that the application does not have; none where it is someone else's. */
async function compareLeft(source: FileSource, application: Owner, path: string): Promise<Compared[]> {
  const existing = (await readText(source, path)) ?? '';
  const owner = writtenFor(existing);
  if (owner === undefined || (await isOfAnother(existing, application, source))) return [];
  const state = owner === application.name ? 'unneeded' : 'orphaned';
  return [{ ...compareUnneeded(path, existing, state), existing }];
}

/** Whether a file is a workflow of another application that the repository has; two of them may have one name. */
async function isOfAnother(existing: string, { name, path }: Owner, source: FileSource): Promise<boolean> {
  const [owner, from] = [writtenFor(existing), writtenFrom(existing)];
  if (owner === undefined || (owner === name && from === path)) return false;
  return (await applicationAt(source, from)) === owner;
}

/** The name in a slipway.yaml; undefined if there is none. */
async function applicationAt(source: FileSource, path: string): Promise<string | undefined> {
  const text = await readText(source, path);
  if (text === undefined) return undefined;
  const value = parseDocument(text, path).value as { metadata?: { name?: string } } | null;
  return value?.metadata?.name;
}

async function readText(source: FileSource, path: string): Promise<string | undefined> {
  const bytes = await source.read(path);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

/** GitHub reads workflows in the folder itself only. */
async function workflowsIn(source: FileSource): Promise<string[]> {
  const paths = await source.list(WORKFLOWS_FOLDER);
  return paths.filter(
    path => path.endsWith('.yml') && !path.slice(WORKFLOWS_FOLDER.length + 1).includes('/'),
  );
}
