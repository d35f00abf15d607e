import { resolve } from 'node:path';
import type { Runner } from '@slipway/github';
import { isRenderedTree } from '@slipway/render';
import type { Inputs } from './inputs.ts';
import { readPlain } from './read-plain.ts';
import { readTree } from './read-tree.ts';
import type { Source } from './source.ts';

/** What the input `manifests` leads to. */
export async function readSource(inputs: Inputs, runner: Runner): Promise<Source> {
  const [path, ...others] = inputs.manifests;
  const absolute = resolve(runner.workspace, path ?? '');
  return others.length === 0 && (await isRenderedTree(absolute))
    ? await readTree(absolute, inputs, runner)
    : await readPlain(inputs, runner);
}
