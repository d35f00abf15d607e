import { isAbsolute, relative, resolve, sep } from 'node:path';
import { formatPointer, type SourceDocument } from '@slipway/core';
import { type ManifestObject, readManifests, readManifestsFrom } from '@slipway/render';
import type { Base } from '../base/base.ts';
import type { Inputs } from '../inputs.ts';
import type { Rules } from './rules.ts';

/** What the inputs add to the rules of the application. */
export type ExtraRules = Pick<Rules, 'policies' | 'waivers' | 'definitions'>;

type Read = (paths: readonly string[]) => Promise<readonly ManifestObject[]>;

/** As the files of this machine have it. @throws SlipwayError with what is wrong with the files */
export async function readExtraRules(inputs: Inputs, workspace: string): Promise<ExtraRules> {
  return await readWith(inputs, async paths => (await readManifests(paths, workspace)).objects);
}

/**
 * As the base commit has it. What lies elsewhere, such as in a second checkout that the workflow made, is no pull request's to change
 * and is read from this machine.
 * @throws SlipwayError with what is wrong with the files
 */
export async function readExtraRulesOf(
  { files, history }: Base,
  inputs: Inputs,
  workspace: string,
): Promise<ExtraRules> {
  return await readWith(inputs, async paths => {
    const inside = paths.map(path => relative(workspace, resolve(workspace, path)).split(sep).join('/'));
    const owned = await Promise.all(inside.map(async path => !leadsOut(path) && (await history.owns(path))));
    const own = inside.filter((_, index) => owned[index]);
    const foreign = paths.filter((_, index) => !owned[index]);
    return [
      ...(await readManifestsFrom(files, own)).objects,
      ...(foreign.length === 0 ? [] : (await readManifests(foreign, workspace)).objects),
    ];
  });
}

function leadsOut(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

async function readWith(inputs: Inputs, read: Read): Promise<ExtraRules> {
  const [policies = [], waivers = [], definitions = []] = await Promise.all(
    [inputs.policies, inputs.waivers, inputs.crds].map(async paths =>
      paths.length === 0 ? [] : (await read(paths)).map(documentOf),
    ),
  );
  return { policies, waivers, definitions };
}

function documentOf(manifest: ManifestObject): SourceDocument {
  return {
    path: manifest.file,
    index: manifest.document,
    value: manifest.object,
    positionOf: path => manifest.placeOf(formatPointer(path)),
    keyPositionOf: path => manifest.placeOf(formatPointer(path)),
  };
}
