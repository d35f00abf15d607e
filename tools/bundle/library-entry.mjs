/** What dist/library/slipway.mjs exports: all actions and the program, as they are compiled, each loaded when it is called. */
export { load } from '../../actions/pipeline/lib/index.js';

/** @returns runs the program in a process of Node */
export async function loadProgram() {
  const { runInProcess } = await import('../../packages/cli/lib/run-in-process.js');
  return process => runInProcess(process);
}
