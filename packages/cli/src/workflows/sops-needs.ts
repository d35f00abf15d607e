import { dirname, resolve } from 'node:path';
import { Problems } from '@slipway/core';
import { filesBelow, type Repository } from '@slipway/render';
import { type SopsFileNeeds, sopsFileNeeds } from '@slipway/secrets';
import { decodeText } from '@slipway/yaml';

/** What opens each SOPS file that the config names, by its path from the folder of slipway.yaml. */
export type SopsNeeds = ReadonlyMap<string, SopsFileNeeds>;

/** For a file that is not there yet: the identity that most have. */
const AGE: SopsFileNeeds = { lines: [], variables: ['SOPS_AGE_KEY'] };

/** @throws SlipwayError `sops-file-invalid`, `yaml-syntax`, `file-unreadable`, for all files at once */
export async function readSopsNeeds(
  repository: string,
  application: string,
  { entries }: Repository['secrets'],
): Promise<SopsNeeds> {
  const source = filesBelow(dirname(resolve(repository, application)));
  const paths = new Set(entries.flatMap(({ content }) => (content.from === 'sops' ? [content.file] : [])));
  const problems = new Problems();
  const needs = new Map<string, SopsFileNeeds>();
  for (const path of paths)
    await problems.collect(async () => {
      const bytes = await source.read(path);
      needs.set(path, bytes === undefined ? AGE : sopsFileNeeds(decodeText(bytes, path), path));
    });
  problems.throwIfAny();
  return needs;
}
