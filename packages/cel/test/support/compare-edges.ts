import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { toolPath } from '@slipway/testbed';
import fc from 'fast-check';
import {
  CostExceeded,
  compileExpression,
  EvaluationFailure,
  ExpressionProblem,
  Undecided,
} from '../../src/index.ts';
import { edgeExpressions } from './edge-expressions.ts';
import { showValue } from './show-value.ts';

/** What the API server's own libraries say: a value, or the stage that failed. */
interface Answer {
  readonly value?: string;
  readonly failed?: string;
  readonly reason?: string;
}

interface Difference {
  readonly source: string;
  readonly here: string;
  readonly server: string;
}

/** The answers of the API server's libraries of a minor version, in the order of the expressions. */
export async function answersOf(sources: readonly string[], minor: number): Promise<Answer[]> {
  const program = spawn(await toolPath('cel'), [`1.${minor}`], { stdio: ['pipe', 'pipe', 'inherit'] });
  program.stdin.end(sources.map(source => `${JSON.stringify(source)}\n`).join(''));
  const output = await text(program.stdout);
  return output
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Answer);
}

/** Every failure counts as one: a server folds constants when it takes a policy, and fails then rather than later. */
const FAILED = 'failed';

function answerHere(source: string, minor: number): string {
  try {
    return showValue(compileExpression(source, { names: new Map(), minor }).evaluate({}));
  } catch (error) {
    const isAnswer = [ExpressionProblem, EvaluationFailure, CostExceeded, Undecided].some(
      Class => error instanceof Class,
    );
    if (!isAnswer) return `crashed: ${error}`;
    return FAILED;
  }
}

/** Compares expressions with the server's libraries: how many fail there, and which have another answer here. */
export async function compareEdges(
  sources: readonly string[],
  minor: number,
): Promise<{ compared: number; failed: number; differences: Difference[] }> {
  const answers = await answersOf(sources, minor);
  const differences = sources.flatMap((source, index): Difference[] => {
    const { value, failed, reason } = answers[index] as Answer;
    const here = answerHere(source, minor);
    return here === (value ?? FAILED) ? [] : [{ source, here, server: value ?? `${failed}: ${reason}` }];
  });
  return {
    compared: answers.length,
    failed: answers.filter(({ failed }) => failed !== undefined).length,
    differences,
  };
}

/** Distinct expressions that a seed determines. */
export function randomEdges(seed: number, count: number): string[] {
  return [...new Set(fc.sample(edgeExpressions, { seed, numRuns: count }))];
}
