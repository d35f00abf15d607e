import { resolve } from 'node:path';
import type { Finding } from '@slipway/core';
import type { Runner } from '@slipway/github';
import type { CheckRequest } from '@slipway/policy';
import { isRenderedTree } from '@slipway/render';
import { readExtraRules } from './extra-rules.ts';
import type { Inputs } from './inputs.ts';
import { plainTarget } from './plain-target.ts';
import { renderedTargets } from './rendered-targets.ts';

/** One thing to check, with where its report goes. */
export interface Target {
  /** `production/eu`, or `manifests`. */
  readonly name: string;
  readonly request: CheckRequest;
  /** What was found while it was read. */
  readonly findings: readonly Finding[];
  /** Absolute. */
  readonly reportPath: string;
}

/**
 * What the inputs ask to check: each rendered destination by itself, and all plain manifests together.
 * @throws SlipwayError with what is wrong with the files
 */
export async function readTargets(inputs: Inputs, runner: Runner): Promise<Target[]> {
  const paths = inputs.manifests.map(path => ({ path, absolute: resolve(runner.workspace, path) }));
  const rendered = await Promise.all(paths.map(({ absolute }) => isRenderedTree(absolute)));
  const trees = paths.filter((_, index) => rendered[index]).map(({ absolute }) => absolute);
  const plain = paths.filter((_, index) => !rendered[index]).map(({ path }) => path);
  const extra = await readExtraRules(inputs, runner.workspace);
  return [
    ...(trees.length === 0 ? [] : await renderedTargets(trees, inputs, extra, runner)),
    ...(plain.length === 0 ? [] : [await plainTarget(plain, inputs, extra, runner)]),
  ];
}
