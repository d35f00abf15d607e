import { type ChosenPack, Problems, type SourceDocument } from '@slipway/core';
import { documentOf, type ManifestObject, readManifests, readManifestsFrom } from '@slipway/render';
import type { Base } from '../base-rules/base.ts';
import { ownPaths } from '../base-rules/own-paths.ts';
import type { CheckManifestsRequest } from '../request/request.ts';
import type { Rules } from './rules.ts';

/** What a request adds to the rules of the application. */
export interface RequestedRules {
  /** Undefined if it does not say any. */
  readonly packs: readonly ChosenPack[] | undefined;
  /** As they are in the checkout. */
  readonly own: ExtraRules;
  /** As they are in the base commit; absent where only the checkout's rules apply. */
  readonly base?: ExtraRules;
}

/** What files add to the rules of the application. */
export type ExtraRules = Pick<Rules, 'policies' | 'waivers' | 'definitions'>;

type Read = (paths: readonly string[]) => Promise<readonly ManifestObject[]>;

/** @throws SlipwayError with what is wrong with the files */
export async function readRequestedRules(
  request: CheckManifestsRequest,
  base: Base | undefined,
  workspace: string,
): Promise<RequestedRules> {
  const own = await readWith(request, async paths => (await readManifests(paths, workspace)).objects);
  return {
    packs: request.packs,
    own,
    ...(base === undefined ? {} : { base: await readBaseRules(base, request, workspace) }),
  };
}

/** As they are in the base commit; files of other repositories are the same before and after. */
async function readBaseRules(
  { files, history }: Base,
  request: CheckManifestsRequest,
  workspace: string,
): Promise<ExtraRules> {
  return await readWith(request, async paths => {
    const { own, foreign } = await ownPaths(paths, history, workspace);
    return [
      ...(await readManifestsFrom(files, own)).objects,
      ...(foreign.length === 0 ? [] : (await readManifests(foreign, workspace)).objects),
    ];
  });
}

async function readWith(request: CheckManifestsRequest, read: Read): Promise<ExtraRules> {
  const problems = new Problems();
  // One after the other, so that problems come in the same order each time.
  const documentsOf = async (paths: readonly string[]): Promise<readonly SourceDocument[]> =>
    (await problems.collect(async () => (paths.length === 0 ? [] : (await read(paths)).map(documentOf)))) ??
    [];
  const policies = await documentsOf(request.policies);
  const waivers = await documentsOf(request.waivers);
  const definitions = await documentsOf(request.crds);
  problems.throwIfAny();
  return { policies, waivers, definitions };
}
