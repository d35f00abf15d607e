import { documentOf, type ManifestObject, readManifests, readManifestsFrom } from '@slipway/render';
import type { Base } from '../base/base.ts';
import { ownPaths } from '../base/own-paths.ts';
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
 * As the base commit has it; what is of no commit of the repository as this machine has it.
 * @throws SlipwayError with what is wrong with the files
 */
export async function readExtraRulesOf(
  { files, history }: Base,
  inputs: Inputs,
  workspace: string,
): Promise<ExtraRules> {
  return await readWith(inputs, async paths => {
    const { own, foreign } = await ownPaths(paths, history, workspace);
    return [
      ...(await readManifestsFrom(files, own)).objects,
      ...(foreign.length === 0 ? [] : (await readManifests(foreign, workspace)).objects),
    ];
  });
}

async function readWith(inputs: Inputs, read: Read): Promise<ExtraRules> {
  const [policies = [], waivers = [], definitions = []] = await Promise.all(
    [inputs.policies, inputs.waivers, inputs.crds].map(async paths =>
      paths.length === 0 ? [] : (await read(paths)).map(documentOf),
    ),
  );
  return { policies, waivers, definitions };
}
