import { EvaluationFailure } from '../values/failure.ts';
import { compilePattern, type Pattern } from '../values/regular-expression.ts';
import { patternCost } from './costs.ts';
import type { Library } from './function-table.ts';

function pattern(source: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    throw new EvaluationFailure(error instanceof Error ? error.message : 'error parsing regexp');
  }
}

export const patterns: Library = {
  since: 0,
  functions: [
    [
      'string.matches(string): bool',
      (text: string, source: string) => pattern(source).test(text),
      patternCost,
    ],
    [
      'matches(string, string): bool',
      (text: string, source: string) => pattern(source).test(text),
      patternCost,
    ],
    [
      'string.find(string): string',
      (text: string, source: string) => pattern(source).find(text, 1)[0] ?? '',
      patternCost,
    ],
    [
      'string.findAll(string): list<string>',
      (text: string, source: string) => pattern(source).find(text, Number.POSITIVE_INFINITY),
      patternCost,
    ],
    [
      'string.findAll(string, int): list<string>',
      (text: string, source: string, limit: bigint) =>
        pattern(source).find(text, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit)),
      patternCost,
    ],
  ],
};
