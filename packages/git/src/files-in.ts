import { posix } from 'node:path';
import type { CommitFiles } from './commit-files.ts';

/**
 * A repository's files, by their paths in the workspace.
 * @param folder the folder of the workspace that contains the repository; empty for the workspace itself
 */
export function filesIn(folder: string, files: CommitFiles): CommitFiles {
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
    async listAll(path) {
      const steps = inside(path);
      return steps === undefined ? [] : (await files.listAll(steps)).map(file => `${folder}/${file}`);
    },
    async read(path) {
      const steps = inside(path);
      return steps === undefined ? undefined : await files.read(steps);
    },
    async holds(path, content) {
      const steps = inside(path);
      return steps === undefined ? content === undefined : await files.holds(steps, content);
    },
  };
}
