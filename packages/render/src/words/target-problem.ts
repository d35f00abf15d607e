import { type Problem, quote } from '@slipway/core';
import type { RenderErrorCode } from '../error-codes.ts';

/** A word that targets have no value for. */
interface Unvalued {
  /** `config.port` */
  readonly word: string;
  /** `eu.production` */
  readonly targets: readonly string[];
  /** The addresses that would give it one. */
  readonly tried: readonly string[];
}

/** A problem whose message names its target, so that the same mistake reads differently in each. */
export interface TargetProblem extends Problem<RenderErrorCode> {
  readonly unvalued?: Unvalued;
}

export function unvaluedProblem(
  unvalued: Unvalued,
  rest: Pick<TargetProblem, 'at' | 'remedy'>,
): TargetProblem {
  const { word, targets, tried } = unvalued;
  const kind = word.startsWith('secret.') ? 'secret reference' : 'value';
  const message = `${quote(word)} has no ${kind} for ${listed(targets)} (tried ${tried.join(', ')})`;
  return { ...rest, code: 'word-unvalued', message, unvalued };
}

/** One mistake in a stencil is found again in every target, so it is reported once, with all of its targets. */
export function distinctProblems(problems: readonly TargetProblem[]): Problem<RenderErrorCode>[] {
  const same = Map.groupBy(problems, ({ code, message, at, unvalued }) =>
    JSON.stringify([code, unvalued?.word ?? message, at]),
  );
  return [...same.values()].map(([first, ...others]) =>
    first?.unvalued === undefined ? (first as TargetProblem) : joined(first, first.unvalued, others),
  );
}

function joined(
  first: TargetProblem,
  { word, ...own }: Unvalued,
  others: readonly TargetProblem[],
): Problem<RenderErrorCode> {
  const all = [own, ...others.flatMap(({ unvalued }) => unvalued ?? [])];
  const targets = [...new Set(all.flatMap(({ targets }) => targets))];
  const tried = [...new Set(all.flatMap(({ tried }) => tried))];
  const { unvalued, ...problem } = unvaluedProblem({ word, targets, tried }, first);
  return problem;
}

const listed = (targets: readonly string[]): string => new Intl.ListFormat('en').format(targets);
