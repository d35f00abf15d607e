import { resolve } from 'node:path';
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
  const requested = await readRequestedRules(request, base, workspace);
  const { targets, removed } =
    trees.length === 0 ? NO_TARGETS : await renderedTargets(trees, { ...context, requested });
  return {
    targets: plain.length === 0 ? targets : [...targets, await plainTarget(plain, { ...context, requested })],
    removed,
  };
}
