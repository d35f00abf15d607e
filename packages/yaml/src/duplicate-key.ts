import { formatPosition, type Position, type Problem, quote } from '@slipway/core';

/** A key that is in a map twice. The caller decides whether that is an error or a warning. */
export interface DuplicateKey {
  readonly key: string;
  readonly at: Position;
  readonly first: Position;
}

/** With two values for one key, two readers of a file might each use another one. */
export function duplicateKeyProblem({ key, at, first }: DuplicateKey): Problem<'key-duplicate'> {
  return {
    code: 'key-duplicate',
    at,
    subject: key,
    message: `the key ${quote(key)} appears twice in this map (first at ${formatPosition(first)})`,
    remedy: 'remove one of them',
  };
}
