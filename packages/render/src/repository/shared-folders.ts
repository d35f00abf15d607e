import { posix } from 'node:path';
import { type Application, type Problem, quote, type SourceDocument } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

/** A folder of `spec.paths`. */
export interface SharedFolder {
  /** Relative to the workspace; `.` for the workspace itself. */
  readonly directory: string;
  /** Makes a problem at the position of the path. */
  readonly problem: (message: string, remedy: string) => Problem<RenderErrorCode>;
}

/**
 * The folders that `spec.paths` adds.
 * @param directory the folder of the application
 * @param report called for paths out of the workspace, of the application's own folder, or that are listed twice
 */
export function sharedFolders(
  application: Application,
  document: SourceDocument,
  directory: string,
  report: (problem: Problem<RenderErrorCode>) => void,
): SharedFolder[] {
  const folders: SharedFolder[] = [];
  (application.spec.paths ?? []).forEach((path, index) => {
    const folder = posix.join(directory, path).replace(/(?<=.)\/$/, '');
    const problem = (message: string, remedy: string): Problem<RenderErrorCode> => ({
      code: 'shared-folder-invalid',
      at: document.positionOf(['spec', 'paths', index]),
      message: `${quote(path)} ${message}`,
      remedy,
    });
    if (folder === '..' || folder.startsWith('../'))
      report(
        problem('is outside the workspace', 'check out the shared repository into a folder of the workspace'),
      );
    else if (folder === (directory || '.'))
      report(problem("is the application's own folder", 'remove it: that folder is always read'));
    else if (folders.some(other => other.directory === folder))
      report(problem('is the same folder as another path', 'remove one of them'));
    else folders.push({ directory: folder, problem });
  });
  return folders;
}
