import { type Problems, quote } from '@slipway/core';
import {
  decodeText,
  duplicateKeyProblem,
  type ParseOptions,
  parseDocument,
  parseDocuments,
  type YamlDocument,
} from '@slipway/yaml';
import type { FileSource } from './file-source.ts';

const MANIFEST_FILE = /\.(?:ya?ml|json)$/;

/** Whether a file has the name of a manifest or of one of Slipway's files. Others, such as a README, may be beside them. */
export function isManifestFile(path: string): boolean {
  return MANIFEST_FILE.test(path);
}

/** Reads the YAML files of one source; what is wrong with any of them is added to `problems`. */
export class DocumentReader {
  readonly #files: FileSource;
  readonly #problems: Problems;

  constructor(files: FileSource, problems: Problems) {
    this.#files = files;
    this.#problems = problems;
  }

  /** Every document of every file in the folder. */
  async folder(folder: string): Promise<readonly YamlDocument[]> {
    const paths = await this.#list(folder);
    const documents = await Promise.all(paths.map(path => this.#read(path, parseDocuments)));
    return documents.flatMap(found => found ?? []);
  }

  /** The single document of each file in the folder. */
  async singles(folder: string): Promise<readonly YamlDocument[]> {
    const paths = await this.#list(folder);
    const documents = await Promise.all(paths.map(path => this.single(path)));
    return documents.filter(document => document !== undefined);
  }

  /** The single document of a file; undefined, with a problem, if there is none. */
  async single(path: string): Promise<YamlDocument | undefined> {
    return (await this.#read(path, (...file) => [parseDocument(...file)]))?.[0];
  }

  async #list(folder: string): Promise<readonly string[]> {
    const paths = await this.#problems.collect(() => this.#files.list(folder));
    return (paths ?? []).filter(isManifestFile);
  }

  async #read(
    path: string,
    parse: (text: string, path: string, options: ParseOptions) => readonly YamlDocument[],
  ): Promise<readonly YamlDocument[] | undefined> {
    return await this.#problems.collect(async () => {
      const bytes = await this.#files.read(path);
      if (bytes === undefined) {
        this.#problems.add({
          code: 'file-missing',
          message: `the file ${quote(path)} does not exist in the workspace`,
          remedy: 'fix the path, or check out the repository in an earlier step',
        });
        return [];
      }
      const revision = this.#files.revisionOf?.(path);
      const documents = parse(decodeText(bytes, path), path, { revision });
      for (const { duplicateKeys } of documents)
        for (const duplicate of duplicateKeys) this.#problems.add(duplicateKeyProblem(duplicate));
      return documents;
    });
  }
}
