import { join } from 'node:path';
import type { StepResult } from '@slipway/testbed/runner';
import { createNarrator, type Print } from './narrator.ts';
import { BROKEN_CHANGE, cloneShop } from './shop.ts';
import type { Stage } from './stage.ts';
import { failed, promote, pushToMain } from './workflows.ts';

/** What each step of the three workflow runs left, in order. */
export interface Story {
  readonly opening: readonly StepResult[];
  readonly promotion: readonly StepResult[];
  readonly broken: readonly StepResult[];
}

/**
 * A version goes to staging and on to production; the next one cannot start, and staging takes the first one back.
 * @throws Error when it went otherwise
 */
export async function tellStory(stage: Stage, print: Print, signal?: AbortSignal): Promise<Story> {
  const shop = await cloneShop(stage, join(stage.directory, 'repository'));
  const workflow = {
    stage,
    shop,
    observer: createNarrator(print),
    ...(signal === undefined ? {} : { signal }),
  };

  print('\n1. A push to main: the shop goes to staging\n');
  const sha = await shop.commit('Open the shop');
  const opening = expectSuccess(await pushToMain({ ...workflow, sha }));

  print('\n2. Promotion: the same digests go to production, eu first, then us\n');
  const promotion = expectSuccess(await promote({ ...workflow, sha }));

  print(`\n3. The next push, "${BROKEN_CHANGE.message}", holds a version that cannot start\n`);
  const change = await shop.commit(BROKEN_CHANGE.message, BROKEN_CHANGE.changes);
  const broken = expectRollback(await pushToMain({ ...workflow, sha: change }));

  print('\nProduction never saw it: only what passed in staging can be promoted.\n');
  return { opening, promotion, broken };
}

/** The lines that are shown of a log that ends the demo. */
const SHOWN_LINES = 40;

function endOf({ log }: StepResult): string {
  return log.split('\n').slice(-SHOWN_LINES).join('\n');
}

function expectSuccess(results: readonly StepResult[]): readonly StepResult[] {
  const culprit = results.find(failed);
  if (culprit !== undefined) throw new Error(`a step failed that should not have:\n${endOf(culprit)}`);
  return results;
}

function expectRollback(results: readonly StepResult[]): readonly StepResult[] {
  const last = results.at(-1);
  if (last !== undefined && last.outputs['verdict'] !== 'rolled-back')
    throw new Error(`the broken version was not rolled back:\n${endOf(last)}`);
  return results;
}
