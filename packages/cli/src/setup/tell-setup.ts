import { count, type Setup } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { say } from '../tell/say.ts';

type AppliedStep = Setup['steps'][number];

const WORDS: Readonly<Record<AppliedStep['state'], string>> = {
  printed: 'printed',
  unchanged: 'unchanged',
  done: 'done',
  failed: 'failed',
  'not-done': 'not done',
  'by-hand': 'by hand',
};
const WIDTH = 11;

/** Writes what became of a step. */
export function sayStep(
  { what, where, state, detail, warning, problem, commands }: AppliedStep,
  machine: Machine,
): void {
  const more = detail === undefined ? '' : `: ${detail}`;
  say(machine.output, `${WORDS[state].padEnd(WIDTH)}${what} (${where})${more}`, meaningOf(state));
  if (commands !== undefined) say(machine.output, commands);
  if (warning !== undefined) say(machine.errors, `warning: ${warning}`, 'warning');
  if (problem !== undefined) say(machine.errors, `error: ${problem}`, 'error');
}

function meaningOf(state: AppliedStep['state']) {
  if (state === 'failed') return 'error';
  return state === 'done' ? 'added' : undefined;
}

/** Writes the command that comes next, once all that the program does is done. */
export function sayNext(steps: readonly AppliedStep[], command: string, { output }: Machine): void {
  if (steps.some(({ state }) => state === 'failed' || state === 'not-done')) return;
  const isByHand = steps.some(({ state }) => state === 'by-hand');
  say(output, `next: ${isByHand ? 'what is by hand above, then ' : ''}${command}`);
}

/** Writes how far it came, where it did not come to its end. */
export function sayHalf(steps: readonly AppliedStep[], { errors }: Machine): void {
  const number = (...states: AppliedStep['state'][]): number =>
    steps.filter(({ state }) => states.includes(state)).length;
  const [fine, open] = [number('done', 'unchanged'), number('failed', 'not-done')];
  if (open > 0)
    say(
      errors,
      `${count(fine, 'step')} of ${steps.length} ${fine === 1 ? 'is' : 'are'} done and ${open === 1 ? 'one is' : `${open} are`} not; what is done stays, and the same command goes on from there`,
      'error',
    );
}
