import { ExpressionProblem, type Node, type NodeOf } from '../parse/syntax.ts';
import { compileResolved } from './call.ts';
import { compileKeys } from './comprehensions.ts';
import type { Typed } from './frame.ts';
import { type Scope, withLocal } from './scope.ts';

type Compile = (node: Node, scope: Scope) => Typed;

/** The lists library came with 1.34, and an API server accepts only libraries that are older than itself. */
const SINCE = 34;
const SORT = '@sortByAssociatedKeys';

/**
 * `list.sortBy(x, key)`, which cel-go expands to a list of the keys and a sort by them:
 * https://github.com/google/cel-go/blob/v0.26.0/ext/lists.go#L532
 */
export function compileSortBy(node: NodeOf<'rcall'>, scope: Scope, compile: Compile): Typed | undefined {
  const [name, target, parameters] = node.args;
  if (name !== 'sortBy' || parameters.length !== 2 || scope.declarations.minor <= SINCE) return undefined;
  if (target.op === 'value' || target.op === 'map')
    throw new ExpressionProblem(
      'sortBy can only be applied to a list, identifier, comprehension, call or select expression',
      target.start,
    );
  const list = compile(target, scope);
  const { scope: within, slot } = withLocal(scope, SORT, list.type);
  const input: Typed = {
    type: list.type,
    run: frame => {
      frame.meter.charge(1);
      return frame.locals[slot] ?? null;
    },
  };
  const keys = compileKeys(input, node, within, compile);
  const sort = compileResolved(SORT, [input, keys], node, scope);
  return {
    type: sort.type,
    run: frame => {
      frame.locals[slot] = list.run(frame);
      return sort.run(frame);
    },
  };
}
