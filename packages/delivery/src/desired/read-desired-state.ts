import { resolve } from 'node:path';
import { isRenderedTree } from '@slipway/render';
import type { ManifestsChoice } from '../request.ts';
import type { DeliverySurroundings } from '../surroundings.ts';
import type { DesiredState } from './desired-state.ts';
import { readPlain } from './read-plain.ts';
import { readTree } from './read-tree.ts';

/** Reads one rendered tree, or plain manifests. */
export async function readDesiredState(
  choice: ManifestsChoice,
  surroundings: Pick<DeliverySurroundings, 'workspace' | 'logger' | 'run'>,
): Promise<DesiredState> {
  const [path = '', ...others] = choice.manifests;
  const absolute = resolve(surroundings.workspace, path);
  return others.length === 0 && (await isRenderedTree(absolute))
    ? await readTree(absolute, choice, surroundings)
    : await readPlain(choice, surroundings);
}
