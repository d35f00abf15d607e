import type { FileSource } from '@slipway/render';

/** The files of a folder with others beside them that are not written yet, by path. */
export function withProposed(files: FileSource, proposed: ReadonlyMap<string, string>): FileSource {
  const added = (folder: string): string[] =>
    [...proposed.keys()].filter(path => folder === '' || path.startsWith(`${folder}/`));
  return {
    list: async folder => [...new Set([...(await files.list(folder)), ...added(folder)])].sort(),
    listAll: async folder => [...new Set([...(await files.listAll(folder)), ...added(folder)])].sort(),
    read: async path => {
      const text = proposed.get(path);
      return text === undefined ? await files.read(path) : new TextEncoder().encode(text);
    },
  };
}
