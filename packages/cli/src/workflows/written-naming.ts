import {
  type Application,
  filePrefix,
  type WorkflowSettings,
  writtenFor,
  writtenFrom,
} from '@slipway/workflows';
import { type WrittenFile, writtenFiles } from './written-files.ts';

/** How the files of an application are named already; without any, by their usual names. */
export async function writtenNaming(
  repository: string,
  application: Pick<Application, 'name' | 'path'>,
): Promise<WorkflowSettings['naming']> {
  return namingOf(await writtenFiles(repository), application);
}

export function namingOf(
  files: readonly WrittenFile[],
  { name, path }: Pick<Application, 'name' | 'path'>,
): WorkflowSettings['naming'] {
  const own = files.filter(({ text }) => writtenFor(text) === name && writtenFrom(text) === path);
  const prefix = filePrefix({ name, path }, { naming: 'prefixed' });
  return own.some(file => file.path.split('/').at(-1) === `${prefix}release.yml`) ? 'prefixed' : 'plain';
}
