import { join } from 'node:path';
import type { StepResult } from '../testbed/src/runner/index.ts';
import type { Print } from './narrator.ts';
import { BROKEN_CHANGE, cloneShop } from './shop.ts';
import type { Stage } from './stage.ts';
import { failed, type Observer, promote, pushToMain } from './workflows.ts';

export interface StoryOptions {
  readonly print: Print;
  readonly observer: Observer;
  readonly signal: AbortSignal;
}

/** A version goes to staging and on to production; the next one cannot start, and staging takes the first one back. */
export async function tellStory(stage: Stage, { print, ...options }: StoryOptions): Promise<void> {
  const shop = await cloneShop(stage, join(stage.directory, 'repository'));
  const workflow = { stage, shop, ...options };

  print('\n1. A push to main: the shop goes to staging\n');
  const first = await shop.commit('Open the shop');
  expectSuccess(await pushToMain({ ...workflow, sha: first }));

  print('\n2. Promotion: the same digests go to production, eu first, then us\n');
  expectSuccess(await promote({ ...workflow, sha: first }));

  print(`\n3. The next push, "${BROKEN_CHANGE.message}", holds a version that cannot start\n`);
  const second = await shop.commit(BROKEN_CHANGE.message, BROKEN_CHANGE.changes);
  expectRollback(await pushToMain({ ...workflow, sha: second }));

  print('\nProduction never saw it: only what passed in staging can be promoted.\n');
}

function expectSuccess(results: readonly StepResult[]): void {
  if (results.some(failed)) throw new Error('a step failed that should not have; its log is above');
}

function expectRollback(results: readonly StepResult[]): void {
  if (results.at(-1)?.outputs['verdict'] !== 'rolled-back')
    throw new Error('the broken version was not rolled back; the log of the last step is above');
}
