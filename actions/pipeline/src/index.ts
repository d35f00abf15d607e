import { runAction } from '@slipway/github';
import * as pipeline from './run.ts';
import { type ActionModule, type ActionName, loadAction } from './steps.ts';

/**
 * Loads one action. The bundle exports this function, and each entry of an action in dist/ calls it.
 *
 * @param name the folder of the action; `pipeline` is the root action, which runs them all
 * @returns runs the action from its first line to its last, and ends the process
 */
export async function load(name: ActionName | 'pipeline'): Promise<() => Promise<void>> {
  const { readInputs, run, post }: ActionModule = name === 'pipeline' ? pipeline : await loadAction(name);
  return () => runAction(reader => readInputs(reader) as never, run, post);
}
