import type { Declarations } from '@slipway/cel';
import {
  boolType,
  type CelType,
  compileExpression,
  dynType,
  ExpressionProblem,
  formatType,
  nullType,
  type Program,
  stringType,
} from '@slipway/cel';
import { defined, type Path } from '@slipway/core';
import type { PolicySpec, ValidationSpec } from '../resources/types.ts';
import { policyDeclarations } from './environment.ts';
import { lineAndColumn } from './line-and-column.ts';

export interface CompiledPolicy {
  readonly name: string;
  readonly spec: PolicySpec;
  readonly variables: ReadonlyMap<string, Program>;
  readonly matchConditions: readonly Program[];
  readonly validations: readonly CompiledValidation[];
  readonly auditAnnotations: readonly Program[];
}

export interface CompiledValidation {
  readonly spec: ValidationSpec;
  readonly program: Program;
  readonly message?: Program;
}

/** An expression that an API server would reject. */
export interface CompileProblem {
  readonly message: string;
  /** The path of the expression in the policy. */
  readonly path: Path;
}

/** All expressions of a policy, checked. The policy is undefined if one of them is wrong, because an API server would reject it. */
export function compilePolicy(
  name: string,
  spec: PolicySpec,
  minor: number,
): { policy?: CompiledPolicy; problems: readonly CompileProblem[] } {
  const problems: CompileProblem[] = [];
  const compiler = new PolicyCompiler(spec, minor, problems);
  const variables = compiler.variables();
  const matchConditions = (spec.matchConditions ?? []).map(({ expression }, index) =>
    compiler.expression(expression, ['spec', 'matchConditions', index, 'expression'], 'condition', [
      boolType,
    ]),
  );
  const validations = (spec.validations ?? []).map((validation, index) =>
    compiler.validation(validation, index),
  );
  const auditAnnotations = (spec.auditAnnotations ?? []).map(({ valueExpression }, index) => {
    const path = ['spec', 'auditAnnotations', index, 'valueExpression'];
    return compiler.expression(valueExpression, path, 'validation', [stringType, nullType]);
  });
  if (problems.length > 0) return { problems };
  const policy = {
    name,
    spec,
    variables,
    matchConditions,
    validations,
    auditAnnotations,
  } as CompiledPolicy;
  return { policy, problems };
}

/** What an expression may name depends on its purpose: a match condition has no variables, and a message no authorizer. */
type Role = 'condition' | 'validation' | 'message';

class PolicyCompiler {
  readonly #spec: PolicySpec;
  readonly #minor: number;
  readonly #problems: CompileProblem[];
  readonly #variableTypes: Record<string, CelType> = {};

  constructor(spec: PolicySpec, minor: number, problems: CompileProblem[]) {
    this.#spec = spec;
    this.#minor = minor;
    this.#problems = problems;
  }

  /** In order: each may use those before it, so that there is no cycle. */
  variables(): ReadonlyMap<string, Program> {
    const programs = new Map<string, Program>();
    for (const [index, { name, expression }] of (this.#spec.variables ?? []).entries()) {
      const program = this.expression(expression, ['spec', 'variables', index, 'expression'], 'validation');
      this.#variableTypes[name] = program?.type ?? dynType;
      if (program !== undefined) programs.set(name, program);
    }
    return programs;
  }

  validation(spec: ValidationSpec, index: number): Partial<CompiledValidation> {
    const path = ['spec', 'validations', index] as const;
    const program = this.expression(spec.expression, [...path, 'expression'], 'validation', [boolType]);
    const { messageExpression = '' } = spec;
    const message =
      messageExpression === ''
        ? undefined
        : this.expression(messageExpression, [...path, 'messageExpression'], 'message', [stringType]);
    return {
      spec,
      ...defined({ program, message }),
    };
  }

  expression(source: string, path: Path, role: Role, wanted?: readonly CelType[]): Program | undefined {
    try {
      const program = compileExpression(source, this.#declarations(role));
      const names = wanted?.map(formatType);
      if (names === undefined || names.includes(formatType(program.type))) return program;
      const either = names.length === 1 ? names[0] : `one of [${names.join(' ')}]`;
      const message = `must evaluate to ${either} but got ${formatType(program.type)}`;
      this.#problems.push({ path, message });
    } catch (error) {
      if (!(error instanceof ExpressionProblem)) throw error;
      this.#problems.push({
        path,
        message: `${error.message} (at ${lineAndColumn(source, error.offset)} of the expression)`,
      });
    }
    return undefined;
  }

  #declarations(role: Role): Declarations {
    return policyDeclarations(this.#minor, {
      params: this.#spec.paramKind !== undefined,
      authorizer: role !== 'message',
      ...(role === 'condition' ? {} : { variables: { ...this.#variableTypes } }),
    });
  }
}
