import { resolve } from 'node:path';
import { Problems } from '@slipway/core';
import { isRenderedTree } from '@slipway/render';
import { readRequestedRules } from '../rules/requested-rules.ts';
import { plainTarget } from './plain-target.ts';
import { renderedTargets } from './rendered-targets.ts';
import { NO_TARGETS, type ReadContext, type Targets } from './target.ts';

/**
 * What a request asks to check: each rendered destination by itself, and all plain manifests together.
 * @throws SlipwayError with what is wrong with the files
 */
export async function readTargets(context: ReadContext): Promise<Targets> {
  const { request, base, surroundings } = context;
  const { workspace } = surroundings;
  const paths = request.manifests.map(path => ({ path, absolute: resolve(workspace, path) }));
  const rendered = await Promise.all(paths.map(({ absolute }) => isRenderedTree(absolute)));
  const trees = paths.filter((_, index) => rendered[index]).map(({ absolute }) => absolute);
  const plain = paths.filter((_, index) => !rendered[index]).map(({ path }) => path);
  const problems = new Problems();
  const read = await problems.collect(() => readRequestedRules(request, base, workspace));
  // What is wrong with the manifests is told with what is wrong with the rules, so they are read in any case.
  const requested = read ?? { packs: [], own: { policies: [], waivers: [], definitions: [] } };
  const ofTrees = await problems.collect(() =>
    trees.length === 0 ? NO_TARGETS : renderedTargets(trees, { ...context, requested }),
  );
  const ofPlain = await problems.collect(async () =>
    plain.length === 0 ? [] : [await plainTarget(plain, { ...context, requested })],
  );
  problems.throwIfAny();
  const { targets, ...others } = ofTrees ?? NO_TARGETS;
  return { targets: [...targets, ...(ofPlain ?? [])], ...others };
}
