import { quote, SlipwayError } from '@slipway/core';
import type { Answers, Question } from '@slipway/starter';
import type { Arguments } from '../command-line/arguments.ts';
import type { CliErrorCode } from '../error-codes.ts';
import type { Machine } from '../machine/machine.ts';
import { say } from '../tell/say.ts';

/** The answers of the command line. @throws SlipwayError `usage` */
export function givenAnswers(given: Arguments): Answers {
  return Object.fromEntries(
    given.values('answer').map(text => {
      const equals = text.indexOf('=');
      if (equals > 0) return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
      throw usage('the flag "--answer" has no "="', 'write --answer question=answer');
    }),
  );
}

/** @throws SlipwayError `usage` for an answer to no question */
export function checkAnswers(answers: Answers, questions: readonly Question[]): void {
  const known = ['name', ...questions.map(({ id }) => id)];
  const other = Object.keys(answers).find(id => !known.includes(id));
  if (other !== undefined)
    throw usage(`there is no question ${quote(other)}`, `the questions are ${known.join(', ')}`);
}

/**
 * Before anything is made of the answers.
 * @param questions those that are known by then
 * @throws SlipwayError `usage` for an answer that is not accepted
 */
export function refuseAnswers(answers: Answers, questions: readonly Question[]): void {
  for (const question of questions) {
    const { id } = question;
    const answer = answers[id];
    const problem = answer === undefined ? undefined : problemOf(question, answer);
    if (problem !== undefined)
      throw usage(
        `the answer ${quote(answer ?? '')} to ${quote(id)} is refused: ${problem}`,
        'give another answer',
      );
  }
}

function problemOf({ choices, isOpen, check }: Question, answer: string): string | undefined {
  if (choices.includes(answer)) return undefined;
  return isOpen ? check?.(answer) : `it must be ${choices.map(quote).join(' or ')}`;
}

function usage(message: string, remedy: string): SlipwayError<CliErrorCode> {
  return new SlipwayError<CliErrorCode>({ code: 'usage', message, remedy });
}

/** Asks what was not answered yet, each until the answer is accepted; an empty line takes the likely one. */
export async function askAll(
  questions: readonly Question[],
  answers: Answers,
  ask: NonNullable<Machine['ask']>,
  { errors }: Machine,
): Promise<Answers> {
  const found: Record<string, string> = { ...answers };
  for (const question of questions.filter(({ id }) => answers[id] === undefined))
    for (;;) {
      const typed = (await ask(promptOf(question))).trim();
      const answer = answerOf(question, typed);
      const problem = problemOf(question, answer);
      if (problem === undefined) {
        found[question.id] = answer;
        break;
      }
      say(errors, `${quote(answer)} is refused: ${problem}`, 'warning');
    }
  return found;
}

function promptOf({ text, choices }: Question): string {
  const [likely, ...others] = choices;
  if (others.length === 0) return `${text} [${shown(likely)}] `;
  return `${text}\n${choices.map((choice, index) => `  ${index + 1}  ${shown(choice)}\n`).join('')}[1] `;
}

/** Names of the repository must not move the cursor. */
function shown(text: string): string {
  return quote(text).slice(1, -1);
}

/** A number chooses among several choices. */
function answerOf({ choices }: Question, typed: string): string {
  if (typed === '') return choices[0];
  return choices.length > 1 ? (choices[Number(typed) - 1] ?? typed) : typed;
}

/** Says what would be asked, where there is no one to ask. */
export function sayQuestions(questions: readonly Question[], { errors }: Machine): void {
  for (const { id, text, choices } of questions)
    say(errors, `question: ${text} (--answer ${id}=${choices.map(shown).join(' or ')})`, 'note');
  say(errors, 'nothing was written: call it with --yes to take the first answers, or with --answer', 'error');
}
