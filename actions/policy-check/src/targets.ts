import { resolve } from 'node:path';
import type { Finding } from '@slipway/core';
import type { Runner } from '@slipway/github';
import { isRenderedTree } from '@slipway/render';
import type { Inputs } from './inputs.ts';
import { plainTarget } from './plain-target.ts';
import { renderedTargets } from './rendered-targets.ts';
import { readExtraRules, readExtraRulesOf } from './rules/extra-rules.ts';
import type { Subjects } from './rules/judge.ts';
import type { RulesInForce } from './rules/rules.ts';
import type { TargetContext } from './target-context.ts';

/** One thing to check, with where its report goes. */
export interface Target {
  /** `production/eu`, or `manifests`. */
  readonly name: string;
  readonly subjects: Subjects;
  readonly rules: RulesInForce;
  /** What was found while it was read. */
  readonly findings: readonly Finding[];
  /** Absolute. */
  readonly reportPath: string;
}

/**
 * What the inputs ask to check: each rendered destination by itself, and all plain manifests together.
 * @throws SlipwayError with what is wrong with the files
 */
export async function readTargets(
  { base, history }: Pick<TargetContext, 'base' | 'history'>,
  inputs: Inputs,
  runner: Runner,
): Promise<Target[]> {
  const { workspace } = runner;
  const paths = inputs.manifests.map(path => ({ path, absolute: resolve(workspace, path) }));
  const rendered = await Promise.all(paths.map(({ absolute }) => isRenderedTree(absolute)));
  const trees = paths.filter((_, index) => rendered[index]).map(({ absolute }) => absolute);
  const plain = paths.filter((_, index) => !rendered[index]).map(({ path }) => path);
  const extra = {
    own: await readExtraRules(inputs, workspace),
    ...(base === undefined ? {} : { base: await readExtraRulesOf(base, inputs, workspace) }),
  };
  const context = { inputs, extra, base, history, runner };
  return [
    ...(trees.length === 0 ? [] : await renderedTargets(trees, context)),
    ...(plain.length === 0 ? [] : [await plainTarget(plain, context)]),
  ];
}
