import { type ASTNode, TypeError as CelTypeError, Environment, ParseError } from '@marcbachmann/cel-js';

import { OPTIONAL_MARK, QUOTED_MARK, respell, unmarked } from './spelling.ts';

export type Node = ASTNode;
export type NodeOf<Op extends Node['op']> = Extract<Node, { op: Op }>;

/** What is wrong with an expression before it is evaluated. `offset` counts UTF-16 units from its start. */
export class ExpressionProblem {
  readonly message: string;
  readonly offset: number;

  constructor(message: string, offset: number) {
    this.message = message;
    this.offset = offset;
  }
}

/** The same bounds as cel-go's parser: https://github.com/google/cel-go/blob/v0.26.0/parser/options.go */
const MAX_EXPRESSION_LENGTH = 100_000;
const MAX_DEPTH = 250;
/** Deeper than anyone writes, and well within the stack. */
const MAX_NODES = 20_000;

// The library limits the elements of a literal to 1000; cel-go does not limit them.
const grammar = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
  limits: {
    maxAstNodes: MAX_NODES,
    maxDepth: MAX_DEPTH,
    maxListElements: MAX_NODES,
    maxMapEntries: MAX_NODES,
  },
});

/**
 * Parses an expression and passes it to `use`. Offsets in problems, including those from `use`, count in the original text.
 * @param minor the version of Kubernetes
 * @throws ExpressionProblem if the text is not a CEL expression
 */
export function withSyntax<Result>(source: string, minor: number, use: (node: Node) => Result): Result {
  if (source.length > MAX_EXPRESSION_LENGTH)
    throw new ExpressionProblem(`the expression is longer than ${MAX_EXPRESSION_LENGTH} characters`, 0);
  for (const mark of [OPTIONAL_MARK, QUOTED_MARK])
    if (source.includes(mark))
      throw new ExpressionProblem(`undeclared reference to '${mark}'`, source.indexOf(mark));
  const respelt = respell(source, minor);
  try {
    return use(parse(respelt.source));
  } catch (error) {
    if (error instanceof ExpressionProblem)
      throw new ExpressionProblem(error.message, respelt.offsetOf(error.offset));
    throw error;
  }
}

function parse(source: string): Node {
  try {
    return grammar.parse(source).ast;
  } catch (error) {
    if (error instanceof ParseError || error instanceof CelTypeError)
      throw new ExpressionProblem(`syntax error: ${error.summary}`, error.range?.start ?? 0);
    if (error instanceof RangeError) throw new ExpressionProblem('the expression is nested too deeply', 0);
    throw error;
  }
}

/** The expression after the question mark of an optional entry; undefined for an ordinary entry. */
export function optionalEntry(node: Node): Node | undefined {
  if (node.op !== 'call' || node.args[0] !== OPTIONAL_MARK) return undefined;
  return node.args[1][0];
}

/** The name of the field that is selected. */
export function fieldOf(node: NodeOf<'.'> | NodeOf<'.?'>): string {
  return unmarked(node.args[1]);
}

/** `a.b.c` for a chain of selections that begins with a name; otherwise undefined. */
export function qualifiedName(node: Node): string | undefined {
  if (node.op === 'id') return node.args;
  if (node.op !== '.') return undefined;
  const before = qualifiedName(node.args[0]);
  return before === undefined ? undefined : `${before}.${node.args[1]}`;
}
