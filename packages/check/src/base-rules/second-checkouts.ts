import { type FileSource, filesBelow } from '@slipway/render';
import type { History } from './history.ts';

/** The files of this machine that no commit of the repository has: those of checkouts that the workflow made beside or inside it. */
export function secondCheckouts(history: History, workspace: string): FileSource {
  const files = filesBelow(workspace);
  return {
    list: async folder => ((await history.owns(folder)) ? [] : await files.list(folder)),
    listAll: async folder => ((await history.owns(folder)) ? [] : await files.listAll(folder)),
    read: async path => ((await history.owns(path)) ? undefined : await files.read(path)),
  };
}
