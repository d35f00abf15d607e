import { EvaluationFailure } from '../values/failure.ts';
import { typeName, type Value } from '../values/values.ts';

const NUMBERS = ['int', 'uint', 'double'];
const TIMES = ['google.protobuf.Duration', 'google.protobuf.Timestamp'];

/** Types that have an operator or function at all; for other types cel-go's message names the function. */
const capable: Readonly<Record<string, readonly string[]>> = {
  '_+_': [...NUMBERS, ...TIMES, 'string', 'bytes', 'list'],
  '_-_': [...NUMBERS, ...TIMES],
  '_*_': NUMBERS,
  '_/_': NUMBERS,
  '_%_': ['int', 'uint'],
  '_<_': [...NUMBERS, ...TIMES, 'string', 'bytes', 'bool'],
  '_<=_': [...NUMBERS, ...TIMES, 'string', 'bytes', 'bool'],
  '_>_': [...NUMBERS, ...TIMES, 'string', 'bytes', 'bool'],
  '_>=_': [...NUMBERS, ...TIMES, 'string', 'bytes', 'bool'],
  size: ['string', 'bytes', 'list', 'map'],
};

/** Functions whose failure message is only "no such overload". */
const TERSE = new Set(['!_', '-_', '@in', 'startsWith', 'endsWith', 'contains', 'matches']);

/** The failure of a call that no overload fits, in cel-go's words. */
export function noOverloadFor(name: string, values: readonly Value[]): EvaluationFailure {
  if (name === 'sort' || name === '@sortByAssociatedKeys')
    return new EvaluationFailure('list elements must be comparable');
  if (TERSE.has(name)) return new EvaluationFailure('no such overload');
  const types = values.map(typeName);
  const able = capable[name];
  if (able === undefined) return new EvaluationFailure(`no such overload: ${name}(${types.join(', ')})`);
  return new EvaluationFailure(
    able.includes(types[0] ?? '') ? 'no such overload' : `no such overload: ${name}`,
  );
}
