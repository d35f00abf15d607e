import { join } from 'node:path';
import type { StepResult } from '@slipway/testbed/runner';
import { createNarrator, type Print } from './narrator.ts';
import { BROKEN_CHANGE, cloneShop, LARGER_PAGES, type Shop, SMALLER_PAGES } from './shop.ts';
import type { Stage } from './stage.ts';
import { failed, promote, pushToMain, type Workflow } from './workflows.ts';

/** What each step of the workflow runs left, in order. */
export interface Story {
  readonly opening: readonly StepResult[];
  readonly promotion: readonly StepResult[];
  readonly broken: readonly StepResult[];
  /** Two canaries in production/eu: one that fails once it has users, and one that does not. */
  readonly undone: readonly StepResult[];
  readonly committed: readonly StepResult[];
}

/**
 * A version goes to staging and on to production; the next one cannot start, and staging takes the first one back. Then production gets
 * a setting in steps: one that fails when users come is taken back, and one that does not reaches all of them.
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
  return { opening, promotion, broken, ...(await tellOfCanaries(workflow, print)) };
}

/** What only users find: a quarter of the new connections goes to the new version first, then half of them. */
async function tellOfCanaries(
  workflow: Omit<Workflow, 'sha'>,
  print: Print,
): Promise<Pick<Story, 'undone' | 'committed'>> {
  const { shop } = workflow;
  await shop.revert();
  print(`\n4. A setting of production in steps: "${LARGER_PAGES.message}" is more than the api can do\n`);
  const undone = expectUndone(await promoteChange(workflow, shop, LARGER_PAGES));
  print(`\n   and "${SMALLER_PAGES.message}" is not\n`);
  const committed = expectSuccess(await promoteChange(workflow, shop, SMALLER_PAGES));
  print('\nThe next wave, us, would begin now.\n');
  return { undone, committed };
}

async function promoteChange(
  workflow: Omit<Workflow, 'sha'>,
  shop: Shop,
  { message, changes }: typeof LARGER_PAGES | typeof SMALLER_PAGES,
): Promise<readonly StepResult[]> {
  const sha = await shop.commit(message, changes);
  return await promote({ ...workflow, sha, headBecause: message }, 1);
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

/** The way that a release in steps is taken back is not a release of its own. */
function expectUndone(results: readonly StepResult[]): readonly StepResult[] {
  const last = results.at(-1);
  if (last === undefined || last.outputs['verdict'] !== 'rolled-back')
    throw new Error(`the canary was not undone:\n${last && endOf(last)}`);
  return results;
}

function expectRollback(results: readonly StepResult[]): readonly StepResult[] {
  const last = results.at(-1);
  if (last !== undefined && last.outputs['verdict'] !== 'rolled-back')
    throw new Error(`the broken version was not rolled back:\n${endOf(last)}`);
  return results;
}
