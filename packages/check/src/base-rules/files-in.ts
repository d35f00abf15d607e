import { posix } from 'node:path';
import type { FileSource } from '@slipway/render';

/**
 * A repository's files, by their paths in the workspace.
 * @param folder the folder of the workspace that contains the repository; empty for the workspace itself
 */
export function filesIn(folder: string, files: FileSource): FileSource {
  if (folder === '') return files;
  const inside = (path: string): string | undefined => {
    const steps = posix.relative(folder, posix.normalize(path));
    return steps === '..' || steps.startsWith('../') ? undefined : steps;
  };
  return {
    async list(path) {
      const steps = inside(path);
      return steps === undefined ? [] : (await files.list(steps)).map(file => `${folder}/${file}`);
    },
    async read(path) {
      const steps = inside(path);
      return steps === undefined ? undefined : await files.read(steps);
    },
  };
}
