import {
  API_VERSION,
  count,
  formatPosition,
  type Position,
  type Proposal as ProposalDocument,
} from '@slipway/core';
import type { Proposal, Remark } from '@slipway/starter';
import { createTwoFilesPatch } from 'diff';
import type { Machine } from '../machine/machine.ts';
import { type Meaning, say, sayJson } from '../tell/say.ts';
import type { Place } from './place.ts';
import type { ToWrite } from './write-all.ts';

/** What init did, or would do. */
export interface Outcome {
  readonly proposal: Proposal;
  readonly files: readonly ToWrite[];
  readonly place: Place;
  readonly isWritten: boolean;
}

/** Says what was written or would be, which lines are guesses, and what would have to change. */
export function sayProposal(outcome: Outcome, isJson: boolean, machine: Machine): void {
  if (isJson) sayJson(machine, documentOf(outcome));
  else sayLines(outcome, machine);
}

function sayLines({ proposal, files, place, isWritten }: Outcome, { output, errors }: Machine): void {
  const about = new Map(proposal.files.map(file => [place.pathOf(file.path), file.about]));
  for (const { path, before } of files)
    say(output, `${verb(isWritten, before)} ${path}${suffix(about.get(path))}`, 'added');
  for (const file of files)
    if (file.before !== undefined || (!isWritten && about.has(file.path))) say(output, diffOf(file));
  for (const { path, line, why } of proposal.guesses)
    say(output, `${place.pathOf(path)}:${line}: guess: ${why}`, 'note');
  for (const remark of proposal.remarks) say(output, remarkLine(remark, place), MEANINGS[remark.kind]);
  if (!place.isCheckout)
    say(
      errors,
      'warning: the folder is not a Git repository: run git init, as workflows and images belong to commits',
      'warning',
    );
  say(output, summaryOf(proposal, files, isWritten, place));
}

function verb(isWritten: boolean, before: string | undefined): string {
  const [done, would] = before === undefined ? ['wrote', 'would write'] : ['edited', 'would edit'];
  return isWritten ? done : would;
}

/** A unified diff without the line of signs that the library begins with. */
function diffOf({ path, text, before }: ToWrite): string {
  const diff = createTwoFilesPatch(before === undefined ? '/dev/null' : path, path, before ?? '', text);
  return diff.replace(/^(?:Index: [^\n]*\n)?=+\n/, '').trimEnd();
}

const MEANINGS: Partial<Readonly<Record<Remark['kind'], Meaning>>> = {
  secret: 'warning',
  template: 'warning',
  placeholder: 'warning',
};

function suffix(about: string | undefined): string {
  return about === undefined ? '' : `: ${about}`;
}

function remarkLine({ kind, at, message, remedy }: Remark, place: Place): string {
  const where = at === undefined ? '' : `${formatPosition(inRepository(at, place))}: `;
  return `${where}${kind}: ${message}${remedy === undefined ? '' : `; ${remedy}`}`;
}

/** Positions of rendered objects start at the repository, and those of the look at the application's folder. */
function inRepository(at: Position, { folder, pathOf }: Place): Position {
  return folder === '' || at.path.startsWith(`${folder}/`) ? at : { ...at, path: pathOf(at.path) };
}

function summaryOf(
  { guesses, remarks, files: proposed }: Proposal,
  files: readonly ToWrite[],
  isWritten: boolean,
  { home }: Place,
): string {
  const flag = home === '' ? '' : ` --application ${home}/slipway.yaml`;
  const [first = ''] = proposed.flatMap(({ path, text }) => formationIn(path, text));
  const next = isWritten
    ? `next: slipway check${flag}, then slipway setup ${first}${flag}`
    : 'nothing was written';
  return `${count(files.length, 'file')}, ${count(guesses.length, 'guessed line')}, ${count(remarks.length, 'remark')}; ${next}`;
}

/** The name of a formation to which a push is released, by its file. */
function formationIn(path: string, text: string): string[] {
  const [, name] = /(?:^|\/)formations\/([^/]+)\.yaml$/.exec(path) ?? [];
  return name === undefined || /^ {2}promoted-from:/m.test(text) ? [] : [name];
}

function documentOf({ proposal, files, place, isWritten }: Outcome): ProposalDocument {
  const about = new Map(proposal.files.map(file => [place.pathOf(file.path), file.about]));
  return {
    apiVersion: API_VERSION,
    kind: 'Proposal',
    application: proposal.name,
    written: isWritten,
    files: files
      .filter(({ before }) => before === undefined)
      .map(({ path, text }) => ({ path, about: about.get(path) ?? 'a workflow', text })),
    edits: files
      .filter(({ before }) => before !== undefined)
      .map(file => ({ path: file.path, diff: diffOf(file) })),
    guesses: proposal.guesses.map(guess => ({ ...guess, path: place.pathOf(guess.path) })),
    remarks: proposal.remarks.map(({ kind, at, message, remedy }) => ({
      kind,
      message,
      ...(at === undefined ? {} : { at: inRepository(at, place) }),
      ...(remedy === undefined ? {} : { remedy }),
    })),
    questions: proposal.questions.map(({ id, text, choices }) => ({ id, text, choices: [...choices] })),
  };
}
