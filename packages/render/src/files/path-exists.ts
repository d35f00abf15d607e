import { access } from 'node:fs/promises';

/** Whether a path exists; a link to nothing does not. */
export async function pathExists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
