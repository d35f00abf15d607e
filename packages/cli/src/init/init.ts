import { type Problem, throwIfAny } from '@slipway/core';
import { applicationName, type Facts, type Proposal } from '@slipway/starter';
import type { Arguments } from '../command-line/arguments.ts';
import type { ExitCode } from '../command-line/command.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { askAll, checkAnswers, givenAnswers, sayQuestions } from './ask-all.ts';
import { findPlace, type Place } from './place.ts';
import { factsOf, type Prepared, prepare } from './prepare.ts';
import { sayProposal } from './say-proposal.ts';
import { existing, refuseUnwritable, type ToWrite, writeAll } from './write-all.ts';

/** Writes what a repository lacks, all of it or nothing. */
export async function initCommand(given: Arguments, machine: Machine): Promise<ExitCode> {
  const place = await findPlace(machine);
  refuseExisting(place);
  const answers = givenAnswers(given);
  const about = { folder: place.name };
  const look = (known: Facts['answers']): Promise<Prepared> =>
    prepare(
      factsOf(place.files, place, applicationName(about, known), known),
      place,
      machine,
      given.has('apply-fixes'),
    );
  const first = await look(answers);
  checkAnswers(answers, first.proposal.questions);
  const open = openQuestions(first.proposal, answers);
  const isDry = given.has('dry-run');
  if (isDry || given.has('yes') || open.length === 0) return await finish(first, place, given, machine);
  // What is asked would be in the way of the document.
  if (machine.ask === undefined || given.has('json')) {
    if (given.has('json')) sayUnwritten(first, place, given, machine);
    sayQuestions(open, machine);
    return 1;
  }
  const prepared = await look(await askAll(open, answers, machine.ask, machine));
  return await finish(prepared, place, given, machine);
}

function refuseExisting({ files, application }: Place): void {
  const problems: Problem<CliErrorCode>[] = files.has(application) ? [existing(application)] : [];
  throwIfAny(problems);
}

function openQuestions({ questions }: Proposal, answers: Facts['answers']): Proposal['questions'] {
  return questions.filter(({ id }) => answers[id] === undefined);
}

async function finish(
  prepared: Prepared,
  place: Place,
  given: Arguments,
  machine: Machine,
): Promise<ExitCode> {
  const files = filesOf(prepared, place, given);
  // A dry run shows what would be written, which nothing is if one file cannot be.
  if (given.has('dry-run')) await refuseUnwritable(place.workspace, files);
  else await writeAll(place.workspace, files);
  const proposal = withConflicts(prepared, given);
  const outcome = { proposal, files, place, isWritten: !given.has('dry-run') };
  sayProposal(outcome, given.has('json'), machine);
  return 0;
}

function sayUnwritten(prepared: Prepared, place: Place, given: Arguments, machine: Machine): void {
  const files = filesOf(prepared, place, given);
  sayProposal({ proposal: withConflicts(prepared, given), files, place, isWritten: false }, true, machine);
}

function withConflicts({ proposal, conflicts }: Prepared, given: Arguments): Proposal {
  if (given.has('without-workflows')) return proposal;
  return { ...proposal, remarks: [...proposal.remarks, ...conflicts] };
}

function filesOf({ proposal, workflows }: Prepared, place: Place, given: Arguments): ToWrite[] {
  return [
    ...proposal.files.map(({ path, text }) => ({ path: place.pathOf(path), text })),
    ...proposal.edits.map(edit => ({ ...edit, path: place.pathOf(edit.path) })),
    ...(given.has('without-workflows') ? [] : workflows),
  ];
}
