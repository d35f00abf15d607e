import { API_VERSION, type Workflows } from '@slipway/core';
import type { Machine } from '../machine/machine.ts';
import { say, sayJson } from '../tell/say.ts';
import type { Compared } from './compare.ts';
import { differenceOf, isShown, sentenceOf } from './sentences.ts';

/** What became of the workflows of an application. */
export interface Outcome {
  readonly application: string;
  /** All of them. */
  readonly compared: readonly Compared[];
  /** Those that are not as they should be, and stay so. */
  readonly open: readonly Compared[];
  /** Those that are as they should be by now. */
  readonly written: readonly Compared[];
  /** What writes those that are open. */
  readonly command: string;
}

/** Writes the outcome as one document. */
export function sayOutcome(
  { application, compared, open, written, command }: Outcome,
  machine: Machine,
): void {
  const fileOf = (file: Compared): Workflows['files'][number] => ({
    path: file.path,
    state: file.state,
    done: !written.includes(file) ? 'nothing' : file.text === undefined ? 'removed' : 'written',
    ...(open.includes(file) ? { problem: sentenceOf(file, command) } : {}),
    ...(isShown(file) ? { diff: differenceOf(file) } : {}),
  });
  const document: Workflows = {
    apiVersion: API_VERSION,
    kind: 'Workflows',
    application,
    files: compared.map(fileOf),
  };
  sayJson(machine, document);
}

/** Shows what is lost before it is. */
export function sayDifferences(files: readonly Compared[], { errors }: Machine): void {
  for (const file of files.filter(isShown)) say(errors, differenceOf(file));
}

export function sayWritten({ path, text }: Compared, { output }: Machine): void {
  say(output, `${text === undefined ? 'removed' : 'wrote'} ${path}`);
}

export function sayOpen({ open, command }: Pick<Outcome, 'open' | 'command'>, { errors }: Machine): void {
  for (const file of open) say(errors, sentenceOf(file, command), 'error');
}
