import { styleText } from 'node:util';
import { formatProblem, type Logger, type Problem, stringifyJson } from '@slipway/core';
import type { Machine, Screen } from '../machine/machine.ts';
import { inOwnWords } from './own-words.ts';
import { withOwnRemedy } from './remedies.ts';

/** Colours by what a line means. */
const COLOURS = { error: 'red', warning: 'yellow', note: 'cyan', added: 'green', removed: 'red' } as const;

export type Meaning = keyof typeof COLOURS;

/** Writes lines; what would move the cursor or change colours, as a name in a manifest could, is shown as its code. */
export function say(screen: Screen, text: string, meaning?: Meaning): void {
  const shown = withoutControls(text);
  const isColoured = screen.isColoured && meaning !== undefined;
  screen.write(isColoured ? styleText(COLOURS[meaning], shown, { validateStream: false }) : shown);
}

/** Writes a problem as one line: where, what, what to do, and its code. */
export function sayProblem(
  { errors }: Pick<Machine, 'errors'>,
  severity: 'error' | 'warning',
  problem: Problem,
  about = '',
): void {
  say(errors, `${severity}: ${about}${formatProblem(withOwnRemedy(problem))} (${problem.code})`, severity);
}

/** @param about whose problems they are, such as `production/eu: `, where that is not clear */
export function sayProblems(
  machine: Pick<Machine, 'errors'>,
  problems: readonly Problem[],
  about = '',
): void {
  for (const problem of problems) sayProblem(machine, 'error', problem, about);
}

/** Writes one document: `--json`. */
export function sayJson({ output }: Machine, document: object): void {
  output.write(stringifyJson(document, 2));
}

/** What packages note while they work. */
export function loggerOf({ errors }: Machine): Logger {
  return {
    debug: () => undefined,
    info: message => say(errors, `note: ${inOwnWords(message)}`, 'note'),
    warning: message => say(errors, `warning: ${inOwnWords(message)}`, 'warning'),
  };
}

/** https://en.wikipedia.org/wiki/C0_and_C1_control_codes, except for tabs and line breaks. */
function withoutControls(text: string): string {
  return text.replaceAll(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g,
    found => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}
